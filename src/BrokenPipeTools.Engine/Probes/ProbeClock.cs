using System.Diagnostics;

namespace BrokenPipeTools.Probes;

/// <summary>
/// The longest time that a probe may still take, from its time-outs; the waits for answers to its last writes are not included. The probe writes it,
/// and any thread may read it.
/// </summary>
internal sealed class ProbeClock
{
    private readonly TeardownOptions _options;
    private long _end; // in Stopwatch ticks

    public ProbeClock(TeardownOptions options, int addresses)
    {
        _options = options;
        Connecting(Math.Max(1, addresses));
    }

    /// <summary>The remaining time; zero if the time is over.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Interlocked.Read(ref _end));
            return left < TimeSpan.Zero ? TimeSpan.Zero : left;
        }
    }

    private TimeSpan Handshake => _options.UseTls ? _options.ConnectTimeout : TimeSpan.Zero;

    /// <summary>Adds the time for connecting to this number of addresses.</summary>
    public void Connecting(int addresses) => Allow((_options.ConnectTimeout * addresses) + Handshake + _options.WaitLimit);

    /// <summary>Subtracts the unused rest of the connect time-out.</summary>
    public void Connected() => Allow(Handshake + _options.WaitLimit);

    /// <summary>Subtracts the unused rest of the TLS handshake's time-out.</summary>
    public void Secured() => Allow(_options.WaitLimit);

    private void Allow(TimeSpan time) => Interlocked.Exchange(ref _end, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
}
