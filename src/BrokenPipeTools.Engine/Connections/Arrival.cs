namespace BrokenPipeTools.Connections;

/// <summary>How a range of sequence numbers relates to the ranges before it.</summary>
internal enum Arrival : byte
{
    /// <summary>Exactly the next bytes.</summary>
    InOrder,

    /// <summary>Bytes never seen, but not the next ones: something before them is missing, or they fill such a gap.</summary>
    New,

    /// <summary>Every byte had been seen.</summary>
    Repeated,
}
