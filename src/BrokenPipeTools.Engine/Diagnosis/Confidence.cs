namespace BrokenPipeTools.Diagnosis;

/// <summary>How sure a cause is.</summary>
public enum Confidence
{
    /// <summary>The likeliest of several that the packets do not distinguish.</summary>
    Low,

    /// <summary>The packets speak for it; others are possible, and named.</summary>
    Medium,

    /// <summary>Wrong less than once in a hundred.</summary>
    High,
}
