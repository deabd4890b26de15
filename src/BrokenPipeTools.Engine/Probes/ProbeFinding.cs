using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The cause of the end of a probe's connection, its confidence, and the alternatives.</summary>
internal readonly record struct ProbeFinding(Cause Cause, Confidence Confidence, string Explanation)
{
    /// <summary>The other possible causes, the likeliest first.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; init; } = [];

    /// <summary>The time-outs that the silence is consistent with, the nearest first.</summary>
    public IReadOnlyList<KnownTimer> Timers { get; init; } = [];

    /// <summary>The advice, if the general advice for the cause does not fit; otherwise null.</summary>
    public string? Advice { get; init; }

    public ProbeFinding Or(Cause cause, string why) => this with { Alternatives = [.. Alternatives, new Alternative { Cause = cause, Why = why }] };
}
