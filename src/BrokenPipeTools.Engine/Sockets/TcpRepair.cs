using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// Linux's TCP_REPAIR (tcp(7), kernel CONFIG_CHECKPOINT_RESTORE; needs CAP_NET_ADMIN). It is meant for moving connections between machines, so it
/// shows the sequence numbers, and can close a socket without a packet to the peer.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class TcpRepair
{
    // include/uapi/linux/tcp.h
    private static readonly TcpOption Repair = new(19);
    private static readonly TcpOption RepairQueue = new(20);
    private static readonly TcpOption QueueSequence = new(21);
    private const int On = 1;
    private const int OffWithoutProbe = -1; // TCP_REPAIR_OFF_NO_WP: sends nothing
    private const int ReceiveQueue = 1; // TCP_RECV_QUEUE
    private const int AddressSize = 16; // struct sockaddr

    /// <summary>Returns the sequence number that the socket expects next (RCV.NXT, RFC 9293, section 3.3.1).</summary>
    /// <exception cref="SocketException">The process may not use the option, or the kernel was built without it.</exception>
    public static SequenceNumber NextExpected(Socket socket)
    {
        Repair.Set(socket, On);
        try
        {
            RepairQueue.Set(socket, ReceiveQueue);
            return new SequenceNumber(QueueSequence.GetUInt32(socket));
        }
        finally
        {
            Repair.Set(socket, OffWithoutProbe);
        }
    }

    /// <summary>Closes the socket without a packet, as if the host had lost power and restarted immediately.</summary>
    /// <exception cref="SocketException">The process may not use the option, or the kernel was built without it.</exception>
    public static void Forget(Socket socket)
    {
        Repair.Set(socket, On);

        // A close alone is not enough, because a child that is just being started may hold a copy of the descriptor. A connect to AF_UNSPEC (0)
        // disconnects the socket (connect(2)).
        if (Connect(socket.SafeHandle, new byte[AddressSize], AddressSize) != 0)
            throw new SocketException(Marshal.GetLastPInvokeError());
        ProcessGate.Close(socket);
    }

    [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static extern int Connect(SafeSocketHandle socket, byte[] address, int length);
}
