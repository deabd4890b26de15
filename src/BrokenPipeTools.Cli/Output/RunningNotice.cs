namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Shows on standard error what a command does that prints nothing before the first event, and how to end it: without this a person cannot know
/// whether it works. Shows nothing if standard error is not a terminal.
/// </summary>
internal static class RunningNotice
{
    /// <summary>Shows the notice. Call it only after the capture or the trace has begun, so that it is true.</summary>
    /// <param name="activity">What runs, for example "capturing on eth0".</param>
    /// <param name="duration">The time after which it ends by itself; null if it does not.</param>
    public static void Show(string activity, TimeSpan? duration)
    {
        if (!Console.IsErrorRedirected)
            StandardError.WriteLine($"brokenpipe: {Text(activity, duration)}");
    }

    internal static string Text(string activity, TimeSpan? duration) =>
        duration is { } time ? FormattableString.Invariant($"{activity} for {time.TotalSeconds:0.###} s (Ctrl+C ends it earlier)") : $"{activity} (Ctrl+C ends it)";
}
