namespace BrokenPipeTools.Reports;

/// <summary>
/// Marks the decisive calls of a probe. It uses the texts of steps, because records from another machine have lost their types but kept these texts.
/// </summary>
internal static class MarkedSteps
{
    private const string Mark = "> ";
    private const string NoMark = "  ";
    private const string Succeeded = " = ok";

    /// <summary>Returns the calls of a probe, one per line.</summary>
    public static IEnumerable<string> Of(TeardownTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Lines(test.Steps.Select(step => step.ToString()));
    }

    /// <summary>Returns the steps as lines. A step is marked if its call returned the end of the peer's data or an error, or timed out.</summary>
    public static IEnumerable<string> Lines(IEnumerable<string> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.Select(step => (step.Contains(Succeeded, StringComparison.Ordinal) ? NoMark : Mark) + step);
    }
}
