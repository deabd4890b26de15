using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>A time in which one end sent no payload, and the other only heartbeats: small messages, seconds apart.</summary>
/// <param name="End">The silent end.</param>
/// <param name="Time">Nanoseconds; 0 if there was no such silence.</param>
/// <param name="Heartbeats">Payload segments of the other end in that time.</param>
internal readonly record struct OneSidedSilence(int End, long Time, int Heartbeats)
{
    /// <summary>The silence in seconds; 0 if there was none.</summary>
    public double Seconds => Nanoseconds.ToSeconds(Time);

    /// <summary>Nanoseconds. Payload that comes sooner than this after the payload before it is part of the same heartbeat.</summary>
    public const long ShortestInterval = Nanoseconds.PerSecond;

    private const int FewestHeartbeats = 2;
    private const int LargestHeartbeat = 256;

    /// <summary>If the heartbeats paused for more than this many intervals, they had ended: then both sides were silent.</summary>
    private const int LongestPause = 2;

    /// <summary>Returns the silence of an end, if the other end sent only heartbeats in that time.</summary>
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
