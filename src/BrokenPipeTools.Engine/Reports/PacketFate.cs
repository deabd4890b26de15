namespace BrokenPipeTools.Reports;

/// <summary>Whether a packet arrived at the second of two places of capture, and whether it was changed.</summary>
public enum PacketFate
{
    /// <summary>It was sent and arrived.</summary>
    Arrived,

    /// <summary>It was sent, and arrived changed.</summary>
    Changed,

    /// <summary>It was sent and did not arrive.</summary>
    Lost,

    /// <summary>It arrived, but the host with its source address had not sent it.</summary>
    Forged,

    /// <summary>One place has it; the other may have missed it.</summary>
    Unknown,
}
