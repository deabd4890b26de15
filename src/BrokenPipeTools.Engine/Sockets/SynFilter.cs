using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// A packet filter on a listening socket that drops SYNs (man 7 socket, SO_ATTACH_FILTER). Linux runs the filter before TCP processes the segment
/// (net/ipv4/tcp_ipv4.c, tcp_v4_rcv, tcp_filter). The filter gets the bytes from the TCP header on.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class SynFilter
{
    private const int SocketLevel = 1; // SOL_SOCKET, include/uapi/asm-generic/socket.h
    private const int AttachFilter = 26;
    private const int DetachFilter = 27;

    /// <summary>
    /// The filter as four instructions (struct sock_filter, include/uapi/linux/filter.h): load the flags; if SYN is set, drop the segment, otherwise
    /// accept all of it.
    /// </summary>
    private static readonly ulong[] Program =
    [
        Instruction(0x30, 0, 0, 13), // ldb [13]
        Instruction(0x45, 0, 1, 0x02), // jset #SYN
        Instruction(0x06, 0, 0, 0), // ret #0
        Instruction(0x06, 0, 0, 0xFFFFFFFF), // ret #-1
    ];

    /// <exception cref="SocketException">The kernel does not accept the filter.</exception>
    public static void Attach(Socket socket)
    {
        GCHandle program = GCHandle.Alloc(Program, GCHandleType.Pinned);
        try
        {
            // struct sock_fprog: a 16-bit length and an aligned pointer
            byte[] option = new byte[2 * IntPtr.Size];
            BitConverter.TryWriteBytes(option, (ushort)Program.Length);
            BitConverter.TryWriteBytes(option.AsSpan(IntPtr.Size), IntPtr.Size == 8 ? program.AddrOfPinnedObject() : (int)program.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, option);
        }
        finally
        {
            program.Free();
        }
    }

    /// <exception cref="SocketException">The socket has no filter.</exception>
    public static void Detach(Socket socket) => socket.SetRawSocketOption(SocketLevel, DetachFilter, BitConverter.GetBytes(0));

    private static ulong Instruction(ushort code, byte ifTrue, byte ifFalse, uint k)
    {
        ulong[] whole = new ulong[1];
        Span<byte> bytes = MemoryMarshal.AsBytes(whole.AsSpan());
        BitConverter.TryWriteBytes(bytes, code);
        bytes[2] = ifTrue;
        bytes[3] = ifFalse;
        BitConverter.TryWriteBytes(bytes[4..], k);
        return whole[0];
    }
}
