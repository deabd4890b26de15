namespace BrokenPipeTools.Connections;

/// <summary>How a stretch of sequence numbers relates to what was seen before.</summary>
internal enum Arrival : byte
{
    /// <summary>Exactly the next bytes.</summary>
    InOrder,

    /// <summary>Bytes never seen, but not the next ones: something before them is missing, or they fill such a gap.</summary>
    New,

    /// <summary>Every byte had been seen.</summary>
    Repeated,
}
