namespace BrokenPipeTools.Reports;

/// <summary>Data of a connection that the capture lacks: the fewer flags, the more certain the conclusions.</summary>
[Flags]
public enum CaptureQuality
{
    /// <summary>No data seem to be missing.</summary>
    Complete = 0,

    /// <summary>Only one side's segments were captured, although the other side must have answered.</summary>
    OneSided = 0x01,

    /// <summary>The connection had begun before the capture.</summary>
    MissingHandshake = 0x02,

    /// <summary>Segments are missing: sequence numbers have gaps, or bytes that were never captured were acknowledged.</summary>
    Gaps = 0x04,

    /// <summary>The snapshot length cut frames: all headers were captured, but not all payload.</summary>
    Snapped = 0x08,

    /// <summary>Segments with wrong checksums. Those that were left to a network card are not counted (checksum offload).</summary>
    BadChecksums = 0x10,

    /// <summary>The capturing program lost frames, of this connection or of others.</summary>
    Drops = 0x20,

    /// <summary>Frames are not in the order of their times.</summary>
    OutOfTimeOrder = 0x40,

    /// <summary>
    /// The capture is damaged or cut while the connection was open, or a file of its series could not be read, or lines of a text trace were left out
    /// or could not be read: frames of the connection may be missing.
    /// </summary>
    CutShort = 0x80,

    /// <summary>
    /// Segments were captured twice, on two interfaces or ports, or before and after a router. They count in Packets and bytes, and are ignored
    /// otherwise.
    /// </summary>
    Duplicates = 0x100,

    /// <summary>A text trace without TTLs or hop limits.</summary>
    NoTimeToLive = 0x200,

    /// <summary>A text trace without IP identifications, DF bits and types of service.</summary>
    NoIdentification = 0x400,

    /// <summary>A text trace in which segments do not show their TCP options.</summary>
    NoOptions = 0x800,

    /// <summary>A text trace whose windows are multiplied by a scale that it does not show, or whose segments have no window.</summary>
    NoWindowScale = 0x1000,

    /// <summary>A text trace without the bytes of the payload.</summary>
    NoPayload = 0x2000,

    /// <summary>A text trace that does not show the initial sequence numbers.</summary>
    RelativeNumbers = 0x4000,

    /// <summary>A text trace whose segments do not show their numbers: they are inferred from the lines around them.</summary>
    InferredNumbers = 0x8000,

    /// <summary>A text trace without a date: times count from 1970-01-01.</summary>
    NoDate = 0x1_0000,

    /// <summary>A text trace without times.</summary>
    NoTime = 0x2_0000,
}
