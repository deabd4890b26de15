namespace BrokenPipeTools.Connections;

/// <summary>How a range of sequence numbers relates to the ranges before it.</summary>
internal enum Arrival : byte
{
    /// <summary>The range has exactly the next bytes.</summary>
    InOrder,

    /// <summary>The range has new bytes, but not the next ones: either bytes before them are missing, or they fill an earlier gap.</summary>
    New,

    /// <summary>All bytes of the range had been seen before.</summary>
    Repeated,
}
