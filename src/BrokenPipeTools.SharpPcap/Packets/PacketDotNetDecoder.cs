using BrokenPipeTools.Wire;
using PacketDotNet;
using PacketDotNet.Ieee80211;
using PacketDotNet.Utils;
using Packet = PacketDotNet.Packet;

namespace BrokenPipeTools.SharpPcap.Packets;

/// <summary>
/// Decodes frames with PacketDotNet (https://github.com/dotpcap/packetnet). PacketDotNet decodes a layer only when the layer is read, and throws then
/// if the frame is damaged. So all layers are read here.
/// </summary>
internal sealed class PacketDotNetDecoder : IPacketDecoder
{
    /// <summary>The most nested layers. A frame with more of them is an attack on the decoder.</summary>
    private const int MaxDepth = 40;

    /// <summary>
    /// Bytes that are added after a frame. PacketDotNet checks only the first byte of a field, so it reads, and once writes, up to 7 bytes after the
    /// end of a frame.
    /// </summary>
    private const int Slack = 8;

    /// <inheritdoc/>
    public object? Decode(byte[] data, int linkType)
    {
        try
        {
            Packet packet = Parse(data, linkType);
            return IsSound(packet) ? packet : null;
        }
        catch (Exception) // PacketDotNet throws many kinds of exceptions, even plain Exception
        {
            return null;
        }
    }

    /// <summary>
    /// Begins to decode a frame. This, and reading each layer later, may throw any exception. The bytes are copied, because PacketDotNet replaces an
    /// IPv4 length of 0.
    /// </summary>
    internal static Packet Parse(byte[] data, int linkType)
    {
        byte[] copy = new byte[data.Length + Slack];
        data.CopyTo(copy, 0);
        ByteArraySegment frame = new(copy, 0, data.Length, data.Length);
        return linkType switch // as Packet.ParsePacket does, which does not accept a segment of an array
        {
            LinkType.Ethernet => new EthernetPacket(frame),
            LinkType.Raw or LinkType.IPv4 or LinkType.IPv6 => new RawIPPacket(frame),
            LinkType.LinuxSll => new LinuxSllPacket(frame),
            LinkType.LinuxSll2 => new LinuxSll2Packet(frame),
            LinkType.Null => new NullPacket(frame),
            LinkType.Ppp => new PppPacket(frame),
            LinkType.Ieee80211 => MacFrame.ParsePacket(frame),
            LinkType.Radiotap => Packet.ParsePacket(LinkLayers.Ieee80211RadioTap, [.. data]), // its constructor is internal
            LinkType.Ppi => new PpiPacket(frame),
            _ => throw new NotSupportedException($"link type {linkType}"),
        };
    }

    /// <summary>
    /// Returns false if an option has no length. PacketDotNet does not advance to the next option then: its list of options grows until the memory is
    /// full. It also reads beyond the end of the list of options.
    /// </summary>
    internal static bool CanListOptions(TcpPacket tcp)
    {
        const int FixedLength = 20;
        const int NoOperation = 1; // only this option and 0, the end of the list, are single bytes
        byte[] header = tcp.HeaderData;
        for (int at = FixedLength; at < header.Length;)
        {
            if (header[at] <= NoOperation)
                at++;
            else if (at + 1 >= header.Length || header[at + 1] == 0)
                return false;
            else
                at += header[at + 1];
        }

        return true;
    }

    /// <summary>Returns whether all layers can be read and shown. Returns false, or throws, if the frame ends within a header.</summary>
    private static bool IsSound(Packet packet)
    {
        int depth = 0;
        for (Packet? layer = packet; layer is not null; layer = layer.PayloadPacket)
        {
            _ = layer.HeaderData; // throws if the header is longer than its captured part
            if (++depth > MaxDepth || (layer is TcpPacket tcp && !IsSound(tcp)))
                return false;
        }

        return packet.ToString().Length > 0;
    }

    /// <summary>Sets the payload to the captured length. PacketDotNet uses the length in the IP header, and throws when the payload is read.</summary>
    private static bool IsSound(TcpPacket tcp)
    {
        if (!CanListOptions(tcp))
            return false;
        if (tcp.PayloadDataSegment is { } payload)
            payload.Length = Math.Min(payload.Length, payload.Bytes.Length - Slack - payload.Offset);
        return true;
    }
}
