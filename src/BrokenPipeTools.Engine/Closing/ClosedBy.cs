namespace BrokenPipeTools.Closing;

/// <summary>The side that closed first.</summary>
public enum ClosedBy
{
    /// <summary>Neither: no closing packet was captured.</summary>
    None,

    /// <summary>The side that opened the connection.</summary>
    Client,

    /// <summary>The other side.</summary>
    Server,

    /// <summary>The FINs crossed.</summary>
    Both,

    /// <summary>A device between the two sides, or a host that answered with an ICMP error.</summary>
    Network,

    /// <summary>The packets do not show which side closed first.</summary>
    Unknown,
}
