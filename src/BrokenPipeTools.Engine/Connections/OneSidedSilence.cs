namespace BrokenPipeTools.Connections;

/// <summary>One end sent no payload for a while, and the other nothing but heartbeats: small messages, seconds apart.</summary>
/// <param name="End">The silent end.</param>
/// <param name="Time">Nanoseconds; 0 if there was no such silence.</param>
/// <param name="Heartbeats">Payload segments of the other end in that time.</param>
internal readonly record struct OneSidedSilence(int End, long Time, int Heartbeats)
{
    /// <summary>The silence in seconds; 0 if there was none.</summary>
    public double Seconds => Time / 1e9;

    private const int FewestHeartbeats = 2;
    private const int LargestHeartbeat = 256;
    private const long ShortestInterval = 1_000_000_000;

    /// <summary>The silence of an end, if what the other sent meanwhile were heartbeats.</summary>
    /// <param name="end">The end.</param>
    /// <param name="time">Nanoseconds since its last payload.</param>
    /// <param name="since">The time of that payload; 0 for none.</param>
    /// <param name="bytes">Payload bytes of the other end since then.</param>
    /// <param name="segments">Payload segments of the other end since then.</param>
    public static OneSidedSilence Of(int end, long time, long since, long bytes, int segments)
    {
        bool areHeartbeats = since != 0 && segments >= FewestHeartbeats && bytes <= (long)segments * LargestHeartbeat && time / segments >= ShortestInterval;
        return areHeartbeats ? new OneSidedSilence(end, time, segments) : default;
    }
}
