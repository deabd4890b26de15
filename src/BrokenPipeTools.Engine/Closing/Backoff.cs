using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Closing;

/// <summary>
/// The times at which a segment was retransmitted. RFC 6298, section 5.5 doubles the RTO each time; retransmissions that recover from
/// loss are a round trip apart, and their intervals do not grow.
/// </summary>
internal struct Backoff
{
    /// <summary>The fewest retransmissions that count (four transmissions): one or two may be loss at the end of the capture.</summary>
    private const int Fewest = 3;

    /// <summary>Linux's longest RTO is 120 s (TCP_RTO_MAX), BSD's 64 s: from there on intervals stay equal. Nanoseconds.</summary>
    private const long LongestTimeout = 60 * Nanoseconds.PerSecond;

    private long _firstInterval;
    private long _lastInterval;
    private int _run;

    /// <summary>Retransmissions.</summary>
    public int Count { get; private set; }

    /// <summary>The time of the newest one, in nanoseconds since the first segment of the connection.</summary>
    public long Last { get; private set; }

    /// <summary>Whether the newest retransmissions, three or more, came at growing intervals.</summary>
    public readonly bool IsBackoff =>
        _run >= Fewest && (_lastInterval >= _firstInterval + (_firstInterval / 2) || _lastInterval >= LongestTimeout);

    /// <summary>Adds a retransmission that is newer than those before.</summary>
    public void Add(long time)
    {
        long interval = time - Last;
        bool goesOn = Count > 1 && interval >= _lastInterval - (_lastInterval / 4);
        if (Count > 0 && !goesOn)
        {
            _firstInterval = interval;
            _run = 2;
        }
        else
        {
            _run++;
        }

        _lastInterval = Count > 0 ? interval : 0;
        Last = time;
        Count++;
    }
}
