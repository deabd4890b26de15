using System.Buffers.Binary;
using System.Net;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The addresses of a connection as one of its sockets has them. ::ffff:192.0.2.7 and 192.0.2.7 are one address.</summary>
internal readonly record struct SocketPair(IPEndPoint Local, IPEndPoint Remote)
{
    /// <summary>The same connection as the other end has it.</summary>
    public SocketPair Reversed => new(Remote, Local);

    /// <summary>Whether both ports are known: the local one of a connecting socket is 0 at first.</summary>
    public bool IsComplete => Local.Port != 0 && Remote.Port != 0;

    /// <summary>Makes an address of 4 or 16 bytes; 0.0.0.0 of any other number.</summary>
    public static IPAddress AddressOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is not (4 or 16))
            return IPAddress.Any;
        IPAddress address = new(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>Reads a <c>sockaddr_in</c> or <c>sockaddr_in6</c> (include/uapi/linux/in.h, in6.h). Returns null for another family.</summary>
    public static IPEndPoint? EndPointOf(ReadOnlySpan<byte> socketAddress)
    {
        const int Inet = 2, Inet6 = 10, Inet6Length = 24;
        if (socketAddress.Length < Inet6Length)
            return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(socketAddress[2..]);
        return BinaryPrimitives.ReadUInt16LittleEndian(socketAddress) switch
        {
            Inet => new IPEndPoint(AddressOf(socketAddress.Slice(4, 4)), port),
            Inet6 => new IPEndPoint(AddressOf(socketAddress.Slice(8, 16)), port),
            _ => null,
        };
    }

    public override string ToString() => $"{Local} > {Remote}";
}
