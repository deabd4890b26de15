using System.Net.Sockets;

namespace BrokenPipeTools.Sockets;

/// <summary>Linux's option that delays a segment until it is full (tcp(7), TCP_CORK).</summary>
internal static class TcpCork
{
    private const int ProtocolTcp = 6;
    private const int OptionCork = 3; // include/uapi/linux/tcp.h

    /// <summary>
    /// Delays everything that is sent from now on until shutdown(2) or close(2), for 200 ms at most. The FIN then goes into the same segment. Does
    /// nothing on other systems than Linux.
    /// </summary>
    public static void Insert(Socket socket)
    {
        if (OperatingSystem.IsLinux() && socket.ProtocolType == ProtocolType.Tcp)
            socket.SetRawSocketOption(ProtocolTcp, OptionCork, BitConverter.GetBytes(1));
    }
}
