namespace BrokenPipeTools.Diagnosis;

/// <summary>How certain a cause is.</summary>
public enum Confidence
{
    /// <summary>The most likely of several causes that the packets do not distinguish.</summary>
    Low,

    /// <summary>The packets support it; other causes are possible, and listed as alternatives.</summary>
    Medium,

    /// <summary>Wrong less than once in a hundred.</summary>
    High,
}
