using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Converts the hosts of a text to addresses. A host name gets an address that represents it.</summary>
internal sealed class TraceHosts
{
    public HostNames Names { get; } = new();

    /// <summary>Finds the addresses of a packet's hosts. Returns false if there are too many names.</summary>
    public bool TryRead(TracePacket packet, out TraceEndpoint source, out TraceEndpoint destination)
    {
        bool isFrom = TryParse(packet.Source.Host, out TraceAddress from);
        bool isTo = TryParse(packet.Destination.Host, out TraceAddress to);
        bool isIPv6 = (isFrom && from.IsIPv6) || (isTo && to.IsIPv6);
        bool isRead = (isFrom || TryName(packet.Source.Host, isIPv6, out from)) && (isTo || TryName(packet.Destination.Host, isIPv6, out to));
        (source, destination) = (new TraceEndpoint(from, packet.Source.Port), new TraceEndpoint(to, packet.Destination.Port));
        return isRead && from.IsIPv6 == to.IsIPv6;
    }

    /// <summary>Finds the address of one host. Returns false if there are too many names.</summary>
    public bool TryRead(string host, bool isIPv6, out TraceAddress address) => TryParse(host, out address) || TryName(host, isIPv6, out address);

    private bool TryName(string name, bool isIPv6, out TraceAddress address)
    {
        bool isKept = Names.TryNumber(name, out uint number); // also false if the text cannot be a host name
        address = new TraceAddress(HostNames.High(isIPv6), number, isIPv6);
        return isKept;
    }

    /// <summary>Reads an address. An address that could represent a name is treated as a name.</summary>
    private static bool TryParse(string text, out TraceAddress address)
    {
        address = default;
        bool isNumeric = text.Length is >= 2 and <= 60 && (text.Contains(':', StringComparison.Ordinal) || text.AsSpan().Count('.') == 3);
        if (!isNumeric || !IPAddress.TryParse(text, out IPAddress? parsed))
            return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out _))
            return false;
        bool isIPv6 = parsed.AddressFamily == AddressFamily.InterNetworkV6;
        address = isIPv6
            ? new TraceAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), true)
            : new TraceAddress(0, BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
        return !HostNames.IsNumber(address.High, address.Low, isIPv6);
    }
}
