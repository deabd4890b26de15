using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// The behaviors that connections or requests meet, one after another. The n-th depends on n and the seed alone, so that a run repeats
/// exactly. May be used from any thread.
/// </summary>
/// <param name="steps">At least one.</param>
/// <param name="loop">After the last the first comes again; otherwise the last repeats.</param>
/// <param name="probability">
/// From 0 to 1: how likely a step is one of those before the last, each of them equally, and not the last. Null takes them in their order.
/// </param>
/// <param name="seed">Of the draws.</param>
internal sealed class BehaviorSequence(IReadOnlyList<ServerBehavior> steps, bool loop, double? probability, int seed)
{
    private readonly object _lock = new();
    private readonly Random _random = new(seed); // of a given seed the algorithm is the same in every version of .NET
    private int? _current;

    /// <summary>The behavior whose turn it is.</summary>
    public ServerBehavior Current
    {
        get
        {
            lock (_lock)
                return steps[_current ??= Draw(last: -1)];
        }
    }

    /// <summary>Whether no other behavior can follow.</summary>
    public bool IsConstant
    {
        get
        {
            lock (_lock)
                return probability is null ? steps.Count == 1 || (!loop && (_current ??= Draw(last: -1)) == steps.Count - 1) : false;
        }
    }

    /// <summary>Returns the current behavior, and advances to the next.</summary>
    public ServerBehavior Take()
    {
        lock (_lock)
        {
            int taken = _current ??= Draw(last: -1);
            _current = Draw(taken);
            return steps[taken];
        }
    }

    private int Draw(int last) => probability switch
    {
        { } chance => _random.NextDouble() < chance ? _random.Next(steps.Count - 1) : steps.Count - 1,
        null when last + 1 < steps.Count => last + 1,
        null => loop ? 0 : last,
    };
}
