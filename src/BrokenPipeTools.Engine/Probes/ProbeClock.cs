using System.Diagnostics;

namespace BrokenPipeTools.Probes;

/// <summary>
/// The longest time that a probe may still take by its time-outs, without the answers to its last writes. The probe writes it, any thread may read
/// it.
/// </summary>
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

    /// <summary>Adds the time for the connects to this number of addresses.</summary>
    public void Connecting(int addresses) => Allow((_options.ConnectTimeout * addresses) + Handshake + _options.WaitLimit);

    /// <summary>Subtracts the unused rest of the connect's time-out.</summary>
    public void Connected() => Allow(Handshake + _options.WaitLimit);

    /// <summary>Subtracts the unused rest of the time-out of the TLS handshake.</summary>
    public void Secured() => Allow(_options.WaitLimit);

    private void Allow(TimeSpan time) => Interlocked.Exchange(ref _end, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
}
