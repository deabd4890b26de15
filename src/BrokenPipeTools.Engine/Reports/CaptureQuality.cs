namespace BrokenPipeTools.Reports;

/// <summary>What the capture does not show of a connection: the fewer of these, the surer the conclusions.</summary>
[Flags]
public enum CaptureQuality
{
    /// <summary>Everything seems to be there.</summary>
    Complete = 0,

    /// <summary>Only one side's segments were captured, although the other side must have answered.</summary>
    OneSided = 0x01,

    /// <summary>The connection had begun before the capture.</summary>
    MissingHandshake = 0x02,

    /// <summary>Segments are missing: sequence numbers have holes, or what was never captured was acknowledged.</summary>
    Gaps = 0x04,

    /// <summary>The snapshot length cut frames off. Headers are all there; payload is not.</summary>
    Snapped = 0x08,

    /// <summary>Segments with wrong checksums. Those that a network card was still to compute are not counted (checksum offload).</summary>
    BadChecksums = 0x10,

    /// <summary>The capturing program says that it lost frames, of this connection or of others.</summary>
    Drops = 0x20,

    /// <summary>Frames are not in the order of their times.</summary>
    OutOfTimeOrder = 0x40,

    /// <summary>The capture is damaged or cut, or a file of its series could not be read, while the connection was open: frames of it may be lost.</summary>
    CutShort = 0x80,

    /// <summary>Segments were captured twice, on two interfaces or ports or before and behind a router. They count in Packets and bytes; nothing is concluded from them.</summary>
    Duplicates = 0x100,
}
