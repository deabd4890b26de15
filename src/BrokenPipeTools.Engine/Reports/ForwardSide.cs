namespace BrokenPipeTools.Reports;

/// <summary>The side to which forwarding fails.</summary>
public enum ForwardSide
{
    /// <summary>The client: bytes from the upstream server are counted, and the client gets the FIN, RST or silence.</summary>
    Client,

    /// <summary>The upstream server: bytes from the client are counted, and the upstream server gets the FIN, RST or silence.</summary>
    Upstream,

    /// <summary>Both: the bytes of both directions are counted together.</summary>
    Both,
}
