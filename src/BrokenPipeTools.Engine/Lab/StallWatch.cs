using System.Diagnostics;

namespace BrokenPipeTools.Lab;

/// <summary>
/// Measures for how long this machine did not run a thread that was ready to run. Everything that runs on it may have been late by this time, but not
/// the timers of its kernel.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private long _longest;

    /// <summary>Begins to measure.</summary>
    public StallWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The longest delay so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>Resets the measurement.</summary>
    public void Reset() => Interlocked.Exchange(ref _longest, 0);

    /// <summary>Ends the measurement, and includes a stall that has just ended.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    private void Watch()
    {
        bool ended;
        do
        {
            long begin = Stopwatch.GetTimestamp();
            ended = _end.Wait(Nap);
            Interlocked.Exchange(ref _longest, Math.Max(_longest, (Stopwatch.GetElapsedTime(begin) - Nap).Ticks));
        }
        while (!ended);
    }
}
