namespace BrokenPipeTools.Closing;

/// <summary>Who closed first.</summary>
public enum ClosedBy
{
    /// <summary>Neither: no closing packet was captured.</summary>
    None,

    Client,

    Server,

    /// <summary>The FINs crossed.</summary>
    Both,

    /// <summary>Something between the two.</summary>
    Network,

    /// <summary>The packets do not decide it.</summary>
    Unknown,
}
