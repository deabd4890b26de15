namespace BrokenPipeTools.Diagnosis;

/// <summary>What a diagnosis came to.</summary>
/// <param name="Rule">The cause.</param>
/// <param name="Confidence">How sure.</param>
/// <param name="Facts">Of what.</param>
internal readonly record struct Finding(CauseRule Rule, Confidence Confidence, CloseFacts Facts)
{
    /// <summary>A frame that decides, and what it shows.</summary>
    /// <param name="At">Where in the log.</param>
    /// <param name="Shows">In a few words.</param>
    internal readonly record struct Mark(int At, string Shows);
}
