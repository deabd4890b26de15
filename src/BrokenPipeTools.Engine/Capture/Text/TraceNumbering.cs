namespace BrokenPipeTools.Capture.Text;

/// <summary>How a text prints the sequence numbers of a connection.</summary>
internal enum TraceNumbering : byte
{
    Unknown,

    /// <summary>Relative to the initial number, except for a SYN and for segments without ACK (tcpdump).</summary>
    Relative,

    /// <summary>As they are in the header (tcpdump -S), or all relative to the same number. In both cases nothing has to be added.</summary>
    AsPrinted,
}
