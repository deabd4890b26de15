namespace BrokenPipeTools.Capture;

/// <summary>The fields of a frame that its source, such as a text trace, does not have. The frame's bytes have zeros in their place.</summary>
[Flags]
public enum FrameLacks
{
    /// <summary>No field is missing: the bytes are those of the packet.</summary>
    None = 0,

    /// <summary>The TTL or hop limit.</summary>
    TimeToLive = 0x01,

    /// <summary>The IP identification, the DF bit and the type of service.</summary>
    Identification = 0x02,

    /// <summary>The TCP options.</summary>
    Options = 0x04,

    /// <summary>The window field: the source does not have it, or has it multiplied by an unknown scale.</summary>
    Window = 0x08,

    /// <summary>The payload.</summary>
    Payload = 0x10,

    /// <summary>The initial sequence numbers: all numbers are relative to them.</summary>
    AbsoluteNumbers = 0x20,

    /// <summary>The sequence number, the acknowledgment number or the flags: they were inferred from the other frames.</summary>
    Numbers = 0x40,

    /// <summary>The date: times count from 1970-01-01.</summary>
    Date = 0x80,

    /// <summary>The time.</summary>
    Time = 0x100,

    /// <summary>The digits of the time below a millisecond.</summary>
    FineTime = 0x200,
}
