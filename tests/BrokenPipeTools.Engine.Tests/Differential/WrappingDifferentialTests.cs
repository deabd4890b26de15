using System.Net;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>
/// tshark must find the same segment in every encapsulation that the tests build, which proves that they are built correctly. All of them are in one
/// capture, each on an interface with its own link type.
/// </summary>
public sealed class WrappingDifferentialTests
{
    /// <summary>Encapsulations that tshark 4.0 dissects in another way than intended, and why.</summary>
    private static readonly Dictionary<string, string> Understood = new()
    {
        ["MPLS pseudowire with control word"] = "tshark takes the payload of an unknown label for a pseudowire only where a preference says so",
        ["Ethernet preamble"] = "tshark wants to verify the frame check sequence, which the test does not compute",
    };

    [TsharkTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tshark_finds_the_same_segments(bool ipv6)
    {
        string[] names = [.. Wrap.All.Keys];
        List<byte> capture = [.. CaptureBytes.Section()];
        foreach (string name in names)
            capture.AddRange(CaptureBytes.InterfaceBlock(Wrap.All[name].LinkType is >= 0 and int type ? type : ipv6 ? LinkType.IPv6 : LinkType.IPv4));
        for (int i = 0; i < names.Length; i++)
            capture.AddRange(CaptureBytes.EnhancedPacket(new RawFrame(Wrap.All[names[i]].Put(Packet(ipv6, i).ToIp())) { Interface = i }));

        List<TsharkFrame> frames = Tshark.Read([.. capture]);
        Assert.Equal(names.Length, frames.Count);
        List<string> differ = [];
        for (int i = 0; i < names.Length; i++)
        {
            TsharkFrame f = frames[i];
            bool same = f.Stream is not null && (f.Length, f.SourcePort, f.DestinationPort, f.Sequence, f.Flags) == (33, 51000 + i, 49321, 0xDEADBEEF, 0x18);
            if (!same && !Understood.ContainsKey(names[i]))
                differ.Add($"{names[i]}: {f}");
        }

        Assert.Empty(differ);
    }

    private static TcpPacket Packet(bool ipv6, int number) => new()
    {
        Source = ipv6 ? IPAddress.Parse("2001:db8:aaaa::1") : IPAddress.Parse("198.51.100.7"),
        Destination = ipv6 ? IPAddress.Parse("2001:db8:bbbb::2") : IPAddress.Parse("203.0.113.9"),
        SourcePort = (ushort)(51000 + number),
        DestinationPort = 49321,
        Sequence = 0xDEADBEEF,
        Flags = TcpFlags.Psh | TcpFlags.Ack,
        Payload = TcpPacket.Bytes(33),
    };
}
