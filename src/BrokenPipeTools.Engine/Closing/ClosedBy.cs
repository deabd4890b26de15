namespace BrokenPipeTools.Closing;

/// <summary>The side that closed first.</summary>
public enum ClosedBy
{
    /// <summary>Neither side: no closing packet was captured.</summary>
    None,

    /// <summary>The side that opened the connection.</summary>
    Client,

    /// <summary>The side that was connected to.</summary>
    Server,

    /// <summary>Both sides: their FINs crossed.</summary>
    Both,

    /// <summary>A device between the two sides, or a host that answered with an ICMP error.</summary>
    Network,

    /// <summary>The packets do not show which side closed first.</summary>
    Unknown,
}
