namespace BrokenPipeTools.Kernel;

/// <summary>
/// The needed fields of struct tcp_info (include/uapi/linux/tcp.h). The structure is shorter in older kernels; the fields that it lacks are null.
/// </summary>
/// <param name="Unanswered">How often the oldest unacknowledged segment was retransmitted.</param>
/// <param name="Probes">The number of keepalive or window probes without an answer.</param>
/// <param name="SinceDataSent">Milliseconds since payload was last sent; null if none was.</param>
/// <param name="SinceDataReceived">Milliseconds since payload was last received; null if none was.</param>
/// <param name="SinceHeard">Milliseconds since the last segment with an acknowledgment, which nearly every segment has.</param>
/// <param name="Retransmissions">The number of retransmitted segments in total.</param>
/// <param name="Unsent">Bytes that the program has written and that were not sent yet.</param>
/// <param name="PeerWindow">Bytes that the peer's window allows; available since Linux 5.4.</param>
internal sealed record DiagnosedInfo(byte Unanswered, byte Probes, uint? SinceDataSent, uint? SinceDataReceived, uint? SinceHeard, uint Retransmissions, uint? Unsent, uint? PeerWindow)
{
    private const int RetransmitsAt = 2, ProbesAt = 3, DataSentAt = 44, DataReceivedAt = 52, AckReceivedAt = 56, TotalRetransmitsAt = 100;
    private const int NotSentAt = 144, DataSegmentsInAt = 152, DataSegmentsOutAt = 156, SendWindowAt = 228;
    private const int Least = 104;

    /// <summary>Reads the structure. Returns null if the bytes are fewer than in any current kernel.</summary>
    public static DiagnosedInfo? Read(ReadOnlySpan<byte> info)
    {
        if (info.Length < Least)
            return null;
        uint? received = At(info, DataReceivedAt);
        bool isHeard = At(info, AckReceivedAt) is { } heard && heard < uint.MaxValue / 2;
        return new DiagnosedInfo(
            info[RetransmitsAt],
            info[ProbesAt],
            At(info, DataSegmentsOutAt) == 0 ? null : At(info, DataSentAt),
            At(info, DataSegmentsInAt) == 0 ? null : received,
            isHeard ? At(info, AckReceivedAt) : null,
            At(info, TotalRetransmitsAt) ?? 0,
            At(info, NotSentAt),
            At(info, SendWindowAt));
    }

    private static uint? At(ReadOnlySpan<byte> info, int offset) => info.Length >= offset + 4 ? BitConverter.ToUInt32(info[offset..]) : null;
}
