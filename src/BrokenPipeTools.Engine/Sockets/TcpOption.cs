using System.Net.Sockets;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Sockets;

/// <summary>The options of TCP on Linux that .NET has no name for (tcp(7); the numbers are those of include/uapi/linux/tcp.h).</summary>
[SupportedOSPlatform("linux")]
internal readonly record struct TcpOption(int Number)
{
    private const int ProtocolTcp = 6;

    /// <summary>TCP_SYNCNT: how often a SYN is retransmitted before connect fails.</summary>
    public static TcpOption SynCount { get; } = new(7);

    /// <summary>TCP_LINGER2: how many seconds a closed socket waits for the peer's FIN. With a value below 0 it does not wait, and sends a RST.</summary>
    public static TcpOption Linger2 { get; } = new(8);

    /// <summary>TCP_USER_TIMEOUT: how many milliseconds sent data may stay unacknowledged.</summary>
    public static TcpOption UserTimeout { get; } = new(18);

    /// <exception cref="SocketException">The kernel does not accept the option.</exception>
    public void Set(Socket socket, int value) => socket.SetRawSocketOption(ProtocolTcp, Number, BitConverter.GetBytes(value));

    /// <exception cref="SocketException">The kernel does not report the option.</exception>
    public uint GetUInt32(Socket socket)
    {
        byte[] value = new byte[sizeof(uint)];
        _ = socket.GetRawSocketOption(ProtocolTcp, Number, value);
        return BitConverter.ToUInt32(value);
    }
}
