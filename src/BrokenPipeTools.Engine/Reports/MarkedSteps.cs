namespace BrokenPipeTools.Reports;

/// <summary>
/// The calls of a probe with those that decide marked. It takes the texts of steps: a record that came from another machine has lost
/// their types but kept these.
/// </summary>
internal static class MarkedSteps
{
    private const string Mark = "> ";
    private const string NoMark = "  ";
    private const string Succeeded = " = ok";

    /// <summary>The calls of a probe, one per line.</summary>
    public static IEnumerable<string> Of(TeardownTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return Lines(test.Steps.Select(step => step.ToString()));
    }

    /// <summary>The steps; those whose call did not simply succeed are marked: the peer's end, the errors, waits that timed out.</summary>
    public static IEnumerable<string> Lines(IEnumerable<string> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.Select(step => (step.Contains(Succeeded, StringComparison.Ordinal) ? NoMark : Mark) + step);
    }
}
