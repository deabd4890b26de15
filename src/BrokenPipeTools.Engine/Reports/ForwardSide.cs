namespace BrokenPipeTools.Reports;

/// <summary>The side of a forwarded connection toward which it fails.</summary>
public enum ForwardSide
{
    /// <summary>The client: what the upstream server sends is counted, and the client meets the fault.</summary>
    Client,

    /// <summary>The upstream server: what the client sends is counted, and the upstream server meets the fault.</summary>
    Upstream,

    /// <summary>Both: the bytes of both directions are counted together.</summary>
    Both,
}
