using System.Diagnostics;

namespace BrokenPipeTools.Probes;

/// <summary>How long a probe may still take by its time-outs, without the answers to its last writes. Written by the probe, read by any thread.</summary>
internal sealed class ProbeClock
{
    private readonly TeardownOptions _options;
    private long _end; // Stopwatch

    public ProbeClock(TeardownOptions options, int addresses)
    {
        _options = options;
        Connecting(Math.Max(1, addresses));
    }

    /// <summary>The remaining time; zero if it is over.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Interlocked.Read(ref _end));
            return left < TimeSpan.Zero ? TimeSpan.Zero : left;
        }
    }

    private TimeSpan Handshake => _options.UseTls ? _options.ConnectTimeout : TimeSpan.Zero;

    /// <summary>A connect begins, and there are so many addresses to try, this one included.</summary>
    public void Connecting(int addresses) => Allow((_options.ConnectTimeout * addresses) + Handshake + _options.WaitLimit);

    /// <summary>What of its time-out the connect has not used is not waited for any more.</summary>
    public void Connected() => Allow(Handshake + _options.WaitLimit);

    /// <summary>Nor what the TLS handshake has not used.</summary>
    public void Secured() => Allow(_options.WaitLimit);

    private void Allow(TimeSpan time) => Interlocked.Exchange(ref _end, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
}
