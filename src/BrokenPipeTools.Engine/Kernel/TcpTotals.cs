namespace BrokenPipeTools.Kernel;

/// <summary>The bytes and segments that a TCP socket has sent and received in total (struct tcp_info, include/uapi/linux/tcp.h).</summary>
/// <param name="Acknowledged">The sequence numbers that the peer acknowledged: payload bytes, this socket's FIN, and its SYN if it connected.</param>
/// <param name="Received">Bytes that came in order. The peer's FIN counts as one byte.</param>
/// <param name="SegmentsReceived">Segments that were received for this socket, including a RST.</param>
/// <param name="Sent">Payload bytes that were sent, including retransmissions.</param>
/// <param name="SentAgain">Payload bytes that were sent in retransmissions.</param>
/// <param name="RoundTrip">The smoothed round-trip time in microseconds; 0 if the connection was never established.</param>
internal sealed record TcpTotals(ulong Acknowledged, ulong Received, uint SegmentsReceived, ulong Sent, ulong SentAgain, uint RoundTrip)
{
    private const int RoundTripAt = 68, AcknowledgedAt = 120, ReceivedAt = 128, SegmentsReceivedAt = 140, SentAt = 200, SentAgainAt = 208;

    /// <summary>
    /// Acknowledged sequence numbers that are not payload: this socket's SYN and FIN. Not meaningful while payload waits for an acknowledgment.
    /// </summary>
    public long AcknowledgedBeyondPayload => (long)(Acknowledged - (Sent - SentAgain));

    /// <summary>Reads the totals. Returns null if this kernel's structure does not have them (before Linux 4.19).</summary>
    public static TcpTotals? Read(ReadOnlySpan<byte> info) => info.Length < SentAgainAt + sizeof(ulong) ? null : new TcpTotals(
        BitConverter.ToUInt64(info[AcknowledgedAt..]),
        BitConverter.ToUInt64(info[ReceivedAt..]),
        BitConverter.ToUInt32(info[SegmentsReceivedAt..]),
        BitConverter.ToUInt64(info[SentAt..]),
        BitConverter.ToUInt64(info[SentAgainAt..]),
        BitConverter.ToUInt32(info[RoundTripAt..]));
}
