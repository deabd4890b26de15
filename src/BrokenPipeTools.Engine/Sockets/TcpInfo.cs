using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace BrokenPipeTools.Sockets;

/// <summary>The kernel's information on a TCP socket (tcp(7), TCP_INFO). Linux only, because the layout differs on other systems.</summary>
internal static class TcpInfo
{
    private const int ProtocolTcp = 6;
    private const int OptionTcpInfo = 11; // include/uapi/linux/tcp.h

    // struct tcp_info of the same file
    private const int RetransmitsAt = 2;
    private const int ProbesAt = 3;
    private const int UnackedAt = 24;
    private const int LastDataReceivedAt = 52;
    private const int LastAckReceivedAt = 56;
    private const int RoundTripAt = 68;
    private const int KnownBytes = 72;

    /// <summary>Returns the socket's state; null if the platform does not report it, or the socket is closed.</summary>
    public static TcpState? StateOf(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
            return null;
        try
        {
            Span<byte> first = stackalloc byte[1];
            return socket.GetRawSocketOption(ProtocolTcp, OptionTcpInfo, first) < 1 ? null : FromKernel(first[0]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Returns the information on a connection; null as for <see cref="StateOf"/>.</summary>
    public static TcpInfoSnapshot? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
            return null;
        try
        {
            Span<byte> info = stackalloc byte[KnownBytes];
            return socket.GetRawSocketOption(ProtocolTcp, OptionTcpInfo, info) < KnownBytes || FromKernel(info[0]) is not { } state
                ? null
                : new TcpInfoSnapshot(
                    state,
                    info[RetransmitsAt],
                    info[ProbesAt],
                    BitConverter.ToUInt32(info[UnackedAt..]),
                    TimeSpan.FromMilliseconds(BitConverter.ToUInt32(info[LastDataReceivedAt..])),
                    TimeSpan.FromMilliseconds(BitConverter.ToUInt32(info[LastAckReceivedAt..])),
                    TimeSpan.FromMicroseconds(BitConverter.ToUInt32(info[RoundTripAt..])));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Converts a state's number in include/net/tcp_states.h.</summary>
    private static TcpState? FromKernel(byte state) => state switch
    {
        1 => TcpState.Established,
        2 => TcpState.SynSent,
        3 => TcpState.SynReceived,
        4 => TcpState.FinWait1,
        5 => TcpState.FinWait2,
        6 => TcpState.TimeWait,
        7 => TcpState.Closed,
        8 => TcpState.CloseWait,
        9 => TcpState.LastAck,
        10 => TcpState.Listen,
        11 => TcpState.Closing,
        _ => null,
    };
}
