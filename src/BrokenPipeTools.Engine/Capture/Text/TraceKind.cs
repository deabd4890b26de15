namespace BrokenPipeTools.Capture.Text;

/// <summary>The kind of packet that a block of lines shows.</summary>
internal enum TraceKind : byte
{
    /// <summary>Lines that look like a packet but cannot be read.</summary>
    Unreadable,

    /// <summary>A packet without TCP.</summary>
    Other,

    /// <summary>A TCP segment.</summary>
    Tcp,

    /// <summary>A row of a packet list that shows a protocol above TCP, without ports and numbers.</summary>
    UpperLayer,

    /// <summary>An ICMP error.</summary>
    IcmpError,

    /// <summary>The bytes of a packet, from a hex dump.</summary>
    Bytes,
}
