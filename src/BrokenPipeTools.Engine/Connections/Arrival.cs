namespace BrokenPipeTools.Connections;

/// <summary>How a range of sequence numbers relates to the ranges before it.</summary>
internal enum Arrival : byte
{
    /// <summary>It has exactly the next bytes.</summary>
    InOrder,

    /// <summary>It has new bytes, but not the next ones: either bytes before them are missing, or they fill an earlier gap.</summary>
    New,

    /// <summary>All of its bytes had been seen before.</summary>
    Repeated,
}
