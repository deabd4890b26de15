namespace BrokenPipeTools.Diagnosis;

/// <summary>How certain a cause is.</summary>
public enum Confidence
{
    /// <summary>The most likely one of several causes that the packets do not distinguish.</summary>
    Low,

    /// <summary>The packets support the cause. Other causes are possible, and are listed as alternatives.</summary>
    Medium,

    /// <summary>The cause is wrong in less than one of a hundred connections.</summary>
    High,
}
