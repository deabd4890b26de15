using System.Net.NetworkInformation;

namespace BrokenPipeTools.Sockets;

/// <summary>A part of Linux's struct tcp_info (include/uapi/linux/tcp.h) at one moment.</summary>
/// <param name="State">The socket's state.</param>
/// <param name="Retransmits">How often the oldest unacknowledged segment was retransmitted.</param>
/// <param name="Probes">Keepalive and window probes since the peer's last answer.</param>
/// <param name="Unacknowledged">Segments sent and not yet acknowledged, including FIN.</param>
/// <param name="SinceData">Time since payload was last received; before the first payload, since the handshake.</param>
/// <param name="SinceAck">Time since the peer's last acknowledgment.</param>
/// <param name="RoundTrip">The smoothed round trip (RFC 6298).</param>
internal readonly record struct TcpInfoSnapshot(
    TcpState State, int Retransmits, int Probes, uint Unacknowledged, TimeSpan SinceData, TimeSpan SinceAck, TimeSpan RoundTrip);
