namespace BrokenPipeTools.Reports;

/// <summary>How the share of a cause compares with an earlier summary.</summary>
public enum ShareChange
{
    /// <summary>No significant difference, or nothing to compare with.</summary>
    None,

    /// <summary>The earlier summary has no connection with this cause.</summary>
    New,

    /// <summary>The share is larger.</summary>
    More,

    /// <summary>The share is smaller.</summary>
    Less,
}
