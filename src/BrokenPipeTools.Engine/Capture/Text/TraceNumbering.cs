namespace BrokenPipeTools.Capture.Text;

/// <summary>How numbers are printed.</summary>
internal enum TraceNumbering : byte
{
    Unknown,

    /// <summary>Relative to the initial one, except for SYN and segments without ACK (tcpdump).</summary>
    Relative,

    /// <summary>As in the header (tcpdump -S), or all relative to the same number: nothing has to be added.</summary>
    AsPrinted,
}
