using System.Globalization;

namespace BrokenPipeTools.Probes;

/// <summary>The progress of a run, for a display.</summary>
/// <param name="Added">The number of targets that were added so far.</param>
/// <param name="Unfinished">The number of added targets whose probes are not all complete.</param>
/// <param name="Activities">The probes in progress.</param>
public sealed record TeardownProgress(int Added, int Unfinished, IReadOnlyList<TeardownActivity> Activities)
{
    /// <summary>The longest time until the running probes end; zero if none is running.</summary>
    public TimeSpan Remaining => Activities.Select(activity => activity.Remaining).DefaultIfEmpty().Max();

    /// <summary>Whether targets wait for other targets to end. <see cref="Remaining"/> does not include their time.</summary>
    public bool IsCrowded => Unfinished > Activities.Select(activity => activity.Target).Distinct().Count();

    /// <summary>
    /// The completed share, from 0 to 1. It is the share of the targets; if there is only one target, the share of the time that its probes may take.
    /// </summary>
    public double Share => Added == 1 && Activities is [var only, ..]
        ? only.Elapsed / (only.Elapsed + only.Remaining + TimeSpan.FromTicks(1))
        : Added == 0 ? 0 : (double)(Added - Unfinished) / Added;

    /// <inheritdoc/>
    public override string ToString()
    {
        string left = string.Create(CultureInfo.InvariantCulture, $"at most {Math.Ceiling(Remaining.TotalSeconds):0} s left");
        return Added == 1 && Activities is [var only, ..]
            ? string.Create(CultureInfo.InvariantCulture, $"{only.Target} {only.Probe}: {only.Elapsed.TotalSeconds:0} s, {left}")
            : string.Create(CultureInfo.InvariantCulture, $"{Added - Unfinished} of {Added} targets, {Activities.Count} probes running, {left}{(IsCrowded ? " for these" : "")}");
    }
}
