using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>One end sent no payload for a while, and the other nothing but heartbeats: small messages, seconds apart.</summary>
/// <param name="End">The silent end.</param>
/// <param name="Time">Nanoseconds; 0 if there was no such silence.</param>
/// <param name="Heartbeats">Payload segments of the other end in that time.</param>
internal readonly record struct OneSidedSilence(int End, long Time, int Heartbeats)
{
    /// <summary>The silence in seconds; 0 if there was none.</summary>
    public double Seconds => Nanoseconds.ToSeconds(Time);

    /// <summary>Payload that comes sooner after the one before is part of it (nanoseconds).</summary>
    public const long ShortestInterval = Nanoseconds.PerSecond;

    private const int FewestHeartbeats = 2;
    private const int LargestHeartbeat = 256;

    /// <summary>Heartbeats that paused for more than this many intervals had ended: both sides were silent then.</summary>
    private const int LongestPause = 2;

    /// <summary>The silence of an end, if the other end sent only heartbeats meanwhile.</summary>
    /// <param name="end">The end.</param>
    /// <param name="now">The time of the closing.</param>
    /// <param name="last">The time of the other end's last payload.</param>
    /// <param name="turn">The payload of the other end in that time, without a closing message.</param>
    public static OneSidedSilence Of(int end, long now, long last, in Turn turn)
    {
        bool areHeartbeats = turn.Since != 0 && turn.Heartbeats >= FewestHeartbeats && turn.Bytes / Math.Max(1, turn.Segments) <= LargestHeartbeat
            && (now - last) / LongestPause <= (last - turn.Since) / turn.Heartbeats;
        return areHeartbeats ? new OneSidedSilence(end, now - turn.Since, turn.Heartbeats) : default;
    }
}
