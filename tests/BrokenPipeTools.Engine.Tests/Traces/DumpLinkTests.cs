using BrokenPipeTools.Capture.Text;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>A hex dump does not contain its link layer: it is found from the bytes, whatever addresses they contain.</summary>
public sealed class DumpLinkTests
{
    [Theory]
    [InlineData(0x02, false)]
    [InlineData(0x46, false)] // like the first byte of an IPv4 packet
    [InlineData(0x45, true)]
    [InlineData(0x66, true)] // and of an IPv6 one
    [InlineData(0x66, false)]
    public void An_Ethernet_address_is_no_IP_header(byte first, bool ipv6)
    {
        foreach (RawFrame frame in PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(40)", ipv6))
        {
            byte[] bytes = [.. frame.Data];
            bytes[0] = first;
            Assert.Equal((1, bytes.Length), DumpLink.Of(bytes));
        }
    }

    [Theory]
    [InlineData(8, 0, 0x45)] // like the type of an IP packet, and its first byte
    [InlineData(10, 1, 2)]
    public void An_IP_address_is_no_type_of_a_link_layer(byte first, byte second, byte third)
    {
        byte[] packet = [.. PacketScript.Build("C:SYN\nS:SYN-ACK")[0].Data.Skip(14)];
        (packet[12], packet[13], packet[14]) = (first, second, third);
        (packet[10], packet[11]) = (0, 0);
        int sum = Enumerable.Range(0, 10).Sum(i => (packet[2 * i] << 8) + packet[(2 * i) + 1]);
        int checksum = ~((sum & 0xFFFF) + (sum >> 16)) & 0xFFFF;
        (packet[10], packet[11]) = ((byte)(checksum >> 8), (byte)checksum);

        Assert.Equal((101, packet.Length), DumpLink.Of(packet));
    }
}
