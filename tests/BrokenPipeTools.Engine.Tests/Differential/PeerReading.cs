using BrokenPipeTools.SharpPcap.Packets;
using PacketDotNet;
using Packet = PacketDotNet.Packet;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>PacketDotNet's result for a frame: the layers up to the outermost TCP header, or up to the layer at which it stops or throws.</summary>
internal sealed class PeerReading
{
    private PeerReading(int linkType) => LinkType = linkType;

    public int LinkType { get; }

    /// <summary>The outermost TCP header; null if it found none.</summary>
    public TcpPacket? Tcp { get; private set; }

    /// <summary>The IP headers before that, the outermost first.</summary>
    public List<IPPacket> Ip { get; } = [];

    /// <summary>The last layer that it decoded; null for an unknown link type.</summary>
    public Packet? Last { get; private set; }

    public Exception? Thrown { get; private set; }

    public static PeerReading Of(byte[] frame, int linkType)
    {
        PeerReading reading = new(linkType);
        try
        {
            for (Packet? layer = PacketDotNetDecoder.Parse(frame, linkType); layer is not null && reading.Tcp is null; layer = layer.PayloadPacket)
            {
                reading.Last = layer;
                reading.Tcp = layer as TcpPacket;
                if (layer is IPPacket ip)
                    reading.Ip.Add(ip);
            }
        }
        catch (Exception e) // any exception, because it has no specific type
        {
            reading.Thrown = e;
        }

        return reading;
    }

    /// <summary>One of the IP headers is that of a fragment.</summary>
    public bool IsFragment => Ip.Exists(ip => ip is IPv4Packet v4
        ? (v4.FragmentFlags & 1) != 0 || v4.FragmentOffset != 0
        : ((IPv6Packet)ip).ExtensionHeaders.OfType<IPv6FragmentationExtensionHeader>().Any(f => f.FragmentOffset != 0 || f.More));

    /// <summary>One of the IP headers has another version, or lengths that contradict each other.</summary>
    public bool HasBadIpHeader => Ip.Exists(ip => ip is IPv4Packet v4
        ? (int)v4.Version != 4 || v4.HeaderLength < 5 || v4.TotalLength < v4.HeaderLength * 4
        : (int)ip.Version != 6);

    public override string ToString() => $"link type {LinkType}, {Last?.GetType().Name ?? "no layer"}{(Thrown is null ? "" : $", {Thrown.GetType().Name}")}";
}
