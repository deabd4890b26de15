using System.Diagnostics;
using System.Net.NetworkInformation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Sockets;

/// <summary>The record of every call made on the sockets of a scenario or a probe, in the order in which the calls were made.</summary>
internal sealed class SocketTrace
{
    private readonly object _gate = new();
    private readonly List<SocketStep> _steps = [];
    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<SocketStep> Steps
    {
        get
        {
            lock (_gate)
                return [.. _steps];
        }
    }

    /// <summary>Makes a call and records it.</summary>
    /// <param name="side">Whose call it is.</param>
    /// <param name="call">How it reads in the record.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="state">Reads the socket's state afterwards; null for what has none.</param>
    public SocketStep Record(StepSide side, string call, Func<SocketOutcome> make, Func<TcpState?>? state = null)
    {
        DateTime start = DateTime.UtcNow;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_begin);
        SocketOutcome outcome = make();
        DateTime end = DateTime.UtcNow;
        lock (_gate)
        {
            SocketStep step = new()
            {
                Number = _steps.Count + 1,
                Elapsed = elapsed,
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
            return step;
        }
    }
}
