namespace BrokenPipeTools.Capture.Text;

/// <summary>How numbers are printed.</summary>
internal enum TraceNumbering : byte
{
    Unknown,

    /// <summary>Relative to the initial one, but for SYN and segments without ACK (tcpdump).</summary>
    Relative,

    /// <summary>As in the header (<c>tcpdump -S</c>), or all relative to the same number: nothing is to be added.</summary>
    AsPrinted,
}
