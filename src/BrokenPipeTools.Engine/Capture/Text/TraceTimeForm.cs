namespace BrokenPipeTools.Capture.Text;

/// <summary>The forms in which a time is printed.</summary>
internal enum TraceTimeForm : byte
{
    /// <summary>No time is printed.</summary>
    None,

    /// <summary>The time since 1970-01-01: <c>1714557601.000123</c>, or with a date.</summary>
    Absolute,

    /// <summary>A time of day: <c>12:00:01.000123</c>. Also the differences of <c>tcpdump -ttt</c>.</summary>
    OfDay,

    /// <summary>Seconds since the first packet, or since the previous one: 0.000123.</summary>
    Seconds,
}
