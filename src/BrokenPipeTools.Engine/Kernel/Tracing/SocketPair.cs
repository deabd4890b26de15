using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>
/// The addresses and ports of a connection from the point of view of one of its sockets. ::ffff:192.0.2.7 and 192.0.2.7 are the same address. It is a
/// value type, because every event of a socket contains one.
/// </summary>
internal readonly record struct SocketPair
{
    private const int MappedLength = 16;

    private readonly UInt128 _local; // as IPv6
    private readonly UInt128 _remote;
    private readonly ushort _localPort;
    private readonly ushort _remotePort;

    public SocketPair(IPEndPoint local, IPEndPoint remote)
        : this(NumberOf(local.Address), (ushort)local.Port, NumberOf(remote.Address), (ushort)remote.Port)
    {
    }

    private SocketPair(UInt128 local, ushort localPort, UInt128 remote, ushort remotePort) =>
        (_local, _localPort, _remote, _remotePort) = (local, localPort, remote, remotePort);

    public IPEndPoint Local => new(AddressOf(_local), _localPort);

    public IPEndPoint Remote => new(AddressOf(_remote), _remotePort);

    /// <summary>The same connection from the other end's point of view.</summary>
    public SocketPair Reversed => new(_remote, _remotePort, _local, _localPort);

    /// <summary>Whether the local port is known. A connecting socket has port 0 at first.</summary>
    public bool HasLocalPort => _localPort != 0;

    /// <summary>Whether both ports are known.</summary>
    public bool IsComplete => _localPort != 0 && _remotePort != 0;

    /// <summary>Makes a pair from the fields of an event. An address that does not have 16 bytes becomes 0.0.0.0.</summary>
    public static SocketPair Of(ReadOnlySpan<byte> local, int localPort, ReadOnlySpan<byte> remote, int remotePort) =>
        new(NumberOf(local), (ushort)localPort, NumberOf(remote), (ushort)remotePort);

    /// <summary>Reads a <c>sockaddr_in</c> or <c>sockaddr_in6</c> (include/uapi/linux/in.h, in6.h). Returns null for another family.</summary>
    public static IPEndPoint? EndPointOf(ReadOnlySpan<byte> socketAddress)
    {
        const int Inet = 2, Inet6 = 10, Inet6Length = 24;
        if (socketAddress.Length < Inet6Length)
            return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(socketAddress[2..]);
        return BinaryPrimitives.ReadUInt16LittleEndian(socketAddress) switch
        {
            Inet => new IPEndPoint(new IPAddress(socketAddress.Slice(4, 4)), port),
            Inet6 => new IPEndPoint(AddressOf(NumberOf(socketAddress.Slice(8, MappedLength))), port),
            _ => null,
        };
    }

    public override string ToString() => $"{Local} > {Remote}";

    private static UInt128 NumberOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == MappedLength ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : NumberOf(IPAddress.Any);

    private static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[MappedLength];
        (address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress AddressOf(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[MappedLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        IPAddress address = new(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
