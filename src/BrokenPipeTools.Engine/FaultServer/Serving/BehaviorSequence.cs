using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// The sequence of behaviors for connections or requests. The n-th behavior depends only on n and the seed, so a run can be repeated exactly. May be
/// used from any thread.
/// </summary>
/// <param name="steps">The behaviors: at least one.</param>
/// <param name="loop">Whether the sequence begins again after the last behavior. Otherwise the last behavior repeats.</param>
/// <param name="probability">
/// The probability, from 0 to 1, of one of the behaviors before the last, each of them equally likely; otherwise the last one is used. Null to use
/// the behaviors in their order.
/// </param>
/// <param name="seed">The seed of the random choices.</param>
internal sealed class BehaviorSequence(IReadOnlyList<ServerBehavior> steps, bool loop, double? probability, int seed)
{
    private readonly object _lock = new();
    private readonly Random _random = new(seed); // with a seed, the algorithm is the same in every version of .NET
    private int? _current;

    /// <summary>The current behavior.</summary>
    public ServerBehavior Current
    {
        get
        {
            lock (_lock)
                return steps[_current ??= Draw(last: -1)];
        }
    }

    /// <summary>Whether all further behaviors are the same.</summary>
    public bool IsConstant
    {
        get
        {
            lock (_lock)
                return probability is null ? steps.Count == 1 || (!loop && (_current ??= Draw(last: -1)) == steps.Count - 1) : false;
        }
    }

    /// <summary>Returns the current behavior, and advances to the next one.</summary>
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
