using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// A TCP socket as the kernel describes it (struct inet_diag_msg and its attributes, include/uapi/linux/inet_diag.h). Values that this kernel does
/// not provide are null.
/// </summary>
internal sealed record DiagnosedSocket
{
    // struct inet_diag_msg
    private const int MessageLength = 72;
    private const int StateAt = 1, LocalPortAt = 4, RemotePortAt = 6, LocalAddressAt = 8, RemoteAddressAt = 24, CookieAt = 44;
    private const int ReceiveQueueAt = 56, SendQueueAt = 60, UserAt = 64, InodeAt = 68;
    private const byte InterNetwork = 2; // AF_INET
    private const byte InterNetworkV6 = 10;

    // struct rtattr, and the attributes' types
    private const int AttributeHeader = 4;
    private const ushort Information = 2, Memory = 7, Shutdown = 8;

    public required TcpState State { get; init; }

    public required IPEndPoint Local { get; init; }

    public required IPEndPoint Remote { get; init; }

    /// <summary>
    /// Bytes that were received and not read (a FIN counts as one). For a listener it is the number of connections that wait to be accepted.
    /// </summary>
    public required uint ReceiveQueue { get; init; }

    /// <summary>Bytes that were written and not acknowledged. For a listener it is the most connections that may wait to be accepted.</summary>
    public required uint SendQueue { get; init; }

    public required uint UserId { get; init; }

    /// <summary>The inode of the socket; 0 if no program has the socket any more.</summary>
    public required uint Inode { get; init; }

    /// <summary>The socket's SO_COOKIE, which is unique on this host.</summary>
    public ulong Cookie { get; init; }

    /// <summary>The bytes and segments in total; null before Linux 4.19.</summary>
    public TcpTotals? Totals { get; init; }

    /// <summary>The socket's sk_shutdown: 1 for reading, 2 for writing, 3 for both.</summary>
    public byte? ShutDown { get; init; }

    public DiagnosedInfo? Info { get; init; }

    /// <summary>The memory that the send queue uses, in bytes (sk_wmem_queued).</summary>
    public uint? QueuedMemory { get; init; }

    /// <summary>The limit of the send queue's memory, in bytes (sk_sndbuf).</summary>
    public uint? SendBuffer { get; init; }

    /// <summary>Reads the body of a message. Returns null if it is too short, or has another family or an unknown state.</summary>
    public static DiagnosedSocket? Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < MessageLength || KernelStates.State(body[StateAt]) is not { } state || body[0] is not (InterNetwork or InterNetworkV6))
            return null;
        DiagnosedSocket socket = new()
        {
            State = state,
            Local = EndPointOf(body, LocalAddressAt, LocalPortAt),
            Remote = EndPointOf(body, RemoteAddressAt, RemotePortAt),
            ReceiveQueue = BitConverter.ToUInt32(body[ReceiveQueueAt..]),
            SendQueue = BitConverter.ToUInt32(body[SendQueueAt..]),
            UserId = BitConverter.ToUInt32(body[UserAt..]),
            Inode = BitConverter.ToUInt32(body[InodeAt..]),
            Cookie = BitConverter.ToUInt64(body[CookieAt..]),
        };
        for (ReadOnlySpan<byte> left = body[MessageLength..]; left.Length >= AttributeHeader;)
        {
            int length = BitConverter.ToUInt16(left);
            if (length < AttributeHeader || length > left.Length)
                break;
            socket = socket.With(BitConverter.ToUInt16(left[2..]), left[AttributeHeader..length]);
            left = left[Math.Min(left.Length, (length + 3) & ~3)..]; // NLA_ALIGN
        }

        return socket;
    }

    private DiagnosedSocket With(ushort type, ReadOnlySpan<byte> value)
    {
        const int QueuedAt = 20, BufferAt = 12, MemoryKnown = 24; // SK_MEMINFO_WMEM_QUEUED and SK_MEMINFO_SNDBUF, each of four bytes
        return type switch
        {
            Information => this with { Info = DiagnosedInfo.Read(value), Totals = TcpTotals.Read(value) },
            Memory when value.Length >= MemoryKnown => this with { QueuedMemory = BitConverter.ToUInt32(value[QueuedAt..]), SendBuffer = BitConverter.ToUInt32(value[BufferAt..]) },
            Shutdown when value.Length >= 1 => this with { ShutDown = value[0] },
            _ => this,
        };
    }

    private static IPEndPoint EndPointOf(ReadOnlySpan<byte> body, int address, int port)
    {
        IPAddress read = new(body.Slice(address, body[0] == InterNetwork ? 4 : 16));
        return new IPEndPoint(read.IsIPv4MappedToIPv6 ? read.MapToIPv4() : read, BinaryPrimitives.ReadUInt16BigEndian(body[port..]));
    }
}
