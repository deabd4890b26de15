using System.Diagnostics;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// Measures for how long this machine did not run a thread that was ready to run. The server and the probe may be late by this time, so no
/// measurement can be more precise.
/// </summary>
internal sealed class Stall : IDisposable
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private long _longest;

    public Stall()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The longest delay so far.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>Resets the measurement.</summary>
    public void Reset() => Interlocked.Exchange(ref _longest, 0);

    public void Dispose()
    {
        _end.Set();
        Assert.True(_thread.Join(ChildProgram.MaxWait));
        _end.Dispose();
    }

    private void Watch()
    {
        for (long begin = Stopwatch.GetTimestamp(); !_end.Wait(Nap); begin = Stopwatch.GetTimestamp())
            Interlocked.Exchange(ref _longest, Math.Max(_longest, (Stopwatch.GetElapsedTime(begin) - Nap).Ticks));
    }
}
