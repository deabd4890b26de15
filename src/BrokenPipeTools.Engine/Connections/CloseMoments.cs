using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Finds connections that one host closed at the same moment after silences of different length: its program was restarted or reloaded, so the
/// silences were not the reason. Stores the last closes after a silence, of all hosts together.
/// </summary>
/// <param name="map">The connections of the table; a connection that is no longer in it is not changed.</param>
internal sealed class CloseMoments(ConnectionMap map)
{
    private const int Remembered = 64;

    /// <summary>A program that ends closes its connections within this time (nanoseconds).</summary>
    private const long Moment = 50 * Nanoseconds.PerMillisecond;

    /// <summary>Nanoseconds. A shorter silence is never considered to be a time-out.</summary>
    private const long ShortestSilence = Nanoseconds.PerSecond;

    /// <summary>Fewer connections may end together by chance.</summary>
    private const int Fewest = 3;

    /// <summary>
    /// A program that checks for idle connections at intervals closes them after silences that differ by at most this factor, because the interval is
    /// not longer than the time-out.
    /// </summary>
    private const double Unlike = 2;

    /// <summary>The same factor for RSTs: a device that resets idle connections has a separate timer for each.</summary>
    private const double UnlikeOfResets = 1.25;

    private readonly Close[] _last = new Close[Remembered];
    private long _count;

    /// <summary>Adds a connection whose closing begins with this segment.</summary>
    public void Add(Connection connection, in Segment s)
    {
        long silence = connection.Close.Silence;
        if (silence < ShortestSilence)
            return;
        _last[_count++ % Remembered] = new Close(connection, connection.Stream, s.Source, s.Time, silence);
        long shortest = silence, longest = silence;
        int together = 0;
        foreach (ref readonly Close close in _last.AsSpan(0, (int)Math.Min(_count, Remembered)))
        {
            if (!close.IsAlike(s.Source, s.Time))
                continue;
            together++;
            shortest = Math.Min(shortest, close.Silence);
            longest = Math.Max(longest, close.Silence);
        }

        if (together < Fewest || longest <= shortest * (s.Has(TcpFlags.Rst) ? UnlikeOfResets : Unlike))
            return;
        foreach (ref readonly Close close in _last.AsSpan(0, (int)Math.Min(_count, Remembered)))
        {
            if (close.IsAlike(s.Source, s.Time) && map.Holds(close.Connection) && close.Connection.Stream == close.Stream)
                close.Connection.ClosedTogether = together - 1;
        }
    }

    private readonly record struct Close(Connection Connection, int Stream, IpBits Host, long Time, long Silence)
    {
        public bool IsAlike(in IpBits host, long time) => Connection is not null && Host == host && Math.Abs(Time - time) <= Moment;
    }
}
