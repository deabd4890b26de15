namespace BrokenPipeTools.Reports;

/// <summary>The conclusion from two captures of one connection, taken at two places.</summary>
public enum ComparisonVerdict
{
    /// <summary>Every packet that opens or closes the connection, and all payload, was sent and has arrived.</summary>
    Consistent,

    /// <summary>A RST arrived that the host of its source address did not send: a device between the two places made it.</summary>
    ForgedReset,

    /// <summary>Packets were sent and did not arrive: they were lost or dropped between the two places.</summary>
    LostOnPath,

    /// <summary>A device between the two places changed packets, or closed the connection with its own FIN.</summary>
    Rewritten,

    /// <summary>The two captures do not contain enough data.</summary>
    Undetermined,
}
