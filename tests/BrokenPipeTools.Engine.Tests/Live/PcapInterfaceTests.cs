using System.Net;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Live;

namespace BrokenPipeTools.Tests.Live;

public sealed class PcapInterfaceTests
{
    private static readonly byte[] LinkLocal = IPAddress.Parse("fe80::1:2").GetAddressBytes();

    [LiveFact]
    public void Loopback_is_among_them_with_its_addresses()
    {
        PcapInterface loopback = PcapInterface.GetAll().Single(i => i.Name == Loopback.Name);
        Assert.True(loopback.IsLoopback && loopback.IsUp && !loopback.IsWireless);
        Assert.Contains(IPAddress.Loopback, loopback.Addresses);
    }

    [Theory]
    [InlineData(10, false)] // Linux
    [InlineData(23, false)] // Windows
    [InlineData(30, true)] // macOS
    [InlineData(28, true)] // FreeBSD
    public void Addresses_are_read_as_each_system_writes_them(byte ipv6Family, bool hasLengthByte)
    {
        byte[] Family(byte family, byte length) => hasLengthByte ? [length, family] : [family, 0];
        byte[] v4 = [.. Family(2, 16), 0, 0, 192, 0, 2, 7, .. new byte[8]];
        byte[] v6 = [.. Family(ipv6Family, 28), 0, 0, 0, 0, 0, 0, .. LinkLocal, 3, 0, 0, 0];
        byte[] link = [.. Family(17, 20), .. new byte[26]];
        Assert.Equal(IPAddress.Parse("192.0.2.7"), PcapAddress.Parse(v4, ipv6Family, hasLengthByte));
        Assert.Equal(new IPAddress(LinkLocal, 3), PcapAddress.Parse(v6, ipv6Family, hasLengthByte));
        Assert.Null(PcapAddress.Parse(link, ipv6Family, hasLengthByte));
    }

    [Fact]
    public void A_missing_library_is_told_with_where_to_get_it()
    {
        Assert.Equal(0, PcapLibrary.Load(["no-such-library.so.9", Path.Combine(Path.GetTempPath(), "no-such-library.dll")]));
        LiveCaptureException e = Assert.Throws<LiveCaptureException>(() => PcapLibrary.Require(0));
        Assert.Equal(LiveCaptureFault.LibraryMissing, e.Fault);
        Assert.Matches("libpcap|npcap", e.Message);
    }
}
