using System.Diagnostics;
using System.Net.NetworkInformation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Sockets;

/// <summary>The record of all calls on the sockets of a scenario or a probe, in the order in which they were made.</summary>
internal sealed class SocketTrace
{
    /// <summary>The most steps that are kept: of a probe with a thousand requests, the first and the last ones.</summary>
    private const int MostSteps = 200;

    private readonly object _gate = new();
    private readonly List<SocketStep> _steps = [];
    private readonly long _begin = Stopwatch.GetTimestamp();

    private int _count;

    /// <summary>The steps so far. If there are more than 200, the first 100 and the last 100; the gap is visible in their numbers.</summary>
    public IReadOnlyList<SocketStep> Steps
    {
        get
        {
            lock (_gate)
                return [.. _steps];
        }
    }

    /// <summary>Makes a call and records it.</summary>
    /// <param name="side">The side that makes the call.</param>
    /// <param name="call">The text of the call in the record.</param>
    /// <param name="make">Makes the call.</param>
    /// <param name="state">Reads the socket's state after the call; null if there is no state to read.</param>
    public SocketStep Record(StepSide side, string call, Func<SocketOutcome> make, Func<TcpState?>? state = null)
    {
        DateTime start = DateTime.UtcNow;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_begin);
        SocketOutcome outcome = make();
        return Add(side, call, start, elapsed, outcome, state);
    }

    /// <summary>Makes a call that does not block a thread while it waits, and records it when it returns.</summary>
    public async Task<SocketStep> RecordAsync(StepSide side, string call, Func<Task<SocketOutcome>> make, Func<TcpState?>? state = null)
    {
        DateTime start = DateTime.UtcNow;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_begin);
        SocketOutcome outcome = await make().ConfigureAwait(false);
        return Add(side, call, start, elapsed, outcome, state);
    }

    private SocketStep Add(StepSide side, string call, DateTime start, TimeSpan elapsed, SocketOutcome outcome, Func<TcpState?>? state)
    {
        DateTime end = DateTime.UtcNow;
        lock (_gate)
        {
            SocketStep step = new()
            {
                Number = ++_count,
                Elapsed = elapsed.TotalSeconds,
                StartTime = start,
                EndTime = end,
                Side = side,
                Call = call,
                Result = outcome.Result,
                Bytes = outcome.Bytes,
                Errno = outcome.Errno,
                TcpState = state?.Invoke(),
            };
            _steps.Add(step);
            if (_steps.Count > MostSteps)
                _steps.RemoveAt(MostSteps / 2);
            return step;
        }
    }
}
