using System.Net.NetworkInformation;

namespace BrokenPipeTools.Sockets;

/// <summary>A part of Linux's struct tcp_info (include/uapi/linux/tcp.h) at one moment.</summary>
/// <param name="State">The socket's state.</param>
/// <param name="Retransmits">How often the oldest unacknowledged segment was retransmitted.</param>
/// <param name="Probes">The number of keepalive and window probes since the peer's last answer.</param>
/// <param name="Unacknowledged">The number of segments that were sent and not yet acknowledged, including FIN.</param>
/// <param name="SinceData">The time since payload was last received. Before the first payload it is the time since the handshake.</param>
/// <param name="SinceAck">The time since the peer's last acknowledgment arrived.</param>
/// <param name="RoundTrip">The smoothed round trip (RFC 6298).</param>
internal readonly record struct TcpInfoSnapshot(
    TcpState State, int Retransmits, int Probes, uint Unacknowledged, TimeSpan SinceData, TimeSpan SinceAck, TimeSpan RoundTrip);
