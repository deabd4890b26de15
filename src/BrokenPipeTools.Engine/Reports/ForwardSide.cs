namespace BrokenPipeTools.Reports;

/// <summary>The side of a forwarded connection toward which it fails.</summary>
public enum ForwardSide
{
    /// <summary>The client: bytes from the upstream server are counted, and the client gets the fault.</summary>
    Client,

    /// <summary>The upstream server: bytes from the client are counted, and the upstream server gets the fault.</summary>
    Upstream,

    /// <summary>Both: the bytes of both directions are counted together.</summary>
    Both,
}
