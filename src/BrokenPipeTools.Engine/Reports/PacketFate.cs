namespace BrokenPipeTools.Reports;

/// <summary>Whether a packet arrived at the second of two places of capture, and whether it was changed.</summary>
public enum PacketFate
{
    /// <summary>The packet was sent and arrived.</summary>
    Arrived,

    /// <summary>The packet was sent, and arrived changed.</summary>
    Changed,

    /// <summary>The packet was sent and did not arrive.</summary>
    Lost,

    /// <summary>The packet arrived, but the host with its source address had not sent it.</summary>
    Forged,

    /// <summary>One capture has the packet; the other may have missed it.</summary>
    Unknown,
}
