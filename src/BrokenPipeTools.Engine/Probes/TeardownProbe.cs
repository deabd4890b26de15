using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Runs probes for a list of targets. <see cref="TeardownRun"/> does the same for targets that are added one by one.</summary>
public static class TeardownProbe
{
    /// <summary>
    /// Probes every target, <see cref="TeardownOptions.ThrottleLimit"/> at the same time, and returns each result as soon as it is complete. Nothing
    /// is sent before the caller requests the first result. If the run is canceled, the running probes report their results so far, and the others
    /// are not started. A target that cannot be reached is a result, not an error.
    /// </summary>
    /// <exception cref="ArgumentException">An option or the port of a target is out of range.</exception>
    public static IEnumerable<TeardownTest> Run(IEnumerable<TeardownTarget> targets, TeardownOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Results(targets, options, cancellation);
    }

    private static IEnumerable<TeardownTest> Results(IEnumerable<TeardownTarget> targets, TeardownOptions options, CancellationToken cancellation)
    {
        using TeardownRun run = new(options, cancellation);
        foreach (TeardownTarget target in targets)
            run.Add(target);
        run.Complete();
        while (!run.IsFinished)
        {
            if (run.TryTake(Timeout.InfiniteTimeSpan, out TeardownTest? result))
                yield return result;
        }
    }
}
