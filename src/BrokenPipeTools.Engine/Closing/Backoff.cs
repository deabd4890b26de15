using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Closing;

/// <summary>
/// The times at which one segment was retransmitted. An unanswered segment is retransmitted at intervals that double each time (RFC 6298, section
/// 5.5). Retransmissions that repair the loss of a single packet are one round trip apart, and their intervals do not grow.
/// </summary>
internal struct Backoff
{
    /// <summary>
    /// The fewest retransmissions that count as backoff (with the original: four transmissions). One or two may be loss at the end of the capture.
    /// </summary>
    private const int Fewest = 3;

    /// <summary>
    /// Nanoseconds. From this interval on, equal intervals count as growing ones: the longest RTO is 120 s on Linux (TCP_RTO_MAX) and 64 s on BSD.
    /// </summary>
    private const long LongestTimeout = 60 * Nanoseconds.PerSecond;

    private long _firstInterval;
    private long _lastInterval;
    private int _run;

    /// <summary>The number of retransmissions.</summary>
    public int Count { get; private set; }

    /// <summary>The time of the newest retransmission, in nanoseconds since the first segment of the connection.</summary>
    public long Last { get; private set; }

    /// <summary>Whether there are three or more retransmissions whose intervals grow.</summary>
    public readonly bool IsBackoff =>
        _run >= Fewest && (_lastInterval >= _firstInterval + (_firstInterval / 2) || _lastInterval >= LongestTimeout);

    /// <summary>Adds a retransmission. It must be newer than those added before.</summary>
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
