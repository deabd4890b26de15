using System.Net;
using BrokenPipeTools.Output;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Output;

public sealed class PseudonymsTests
{
    private readonly Pseudonyms _pseudonyms = new();

    [Theory]
    [InlineData("from 203.0.113.9 to 192.168.1.7:443.", "from 198.18.0.1 to 10.213.0.1:443.")]
    [InlineData("[2a00::5]:80 and [fe80::1]:80", "[2001:db8:2:2:2:2:2:1]:80 and [2001:db8:1:1:1:1:1:1]:80")]
    [InlineData("ip.addr eq 10.1.2.3 and ip.addr eq 10.1.2.3", "ip.addr eq 10.213.0.1 and ip.addr eq 10.213.0.1")]
    [InlineData("#8 12:00:01.000001 Server [Fin, Ack] seq=1 (1.5 s, net.ipv4.tcp_retries2)", "#8 12:00:01.000001 Server [Fin, Ack] seq=1 (1.5 s, net.ipv4.tcp_retries2)")]
    [InlineData("0.0.0.0 224.0.0.1 255.255.255.255 ff02::1", "0.0.0.0 224.0.0.1 255.255.255.255 ff02::1")]
    public void Addresses_in_a_text_are_replaced_and_nothing_else_is(string text, string expected) => Assert.Equal(expected, _pseudonyms.Text(text));

    [Fact]
    public void Known_names_are_replaced_in_any_case_and_as_whole_words()
    {
        Assert.Equal("host-1.example", _pseudonyms.Host("db.corp"));
        Assert.Equal("host-1.example (db.corporation), host-1.example:5432.", _pseudonyms.Text("DB.corp (db.corporation), db.corp:5432."));
        Assert.Equal("client", _pseudonyms.Host("client"));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.0.1")]
    [InlineData("100.64.0.1")]
    public void Private_addresses_stay_private(string address) => Assert.StartsWith("10.213.", _pseudonyms.Host(address), StringComparison.Ordinal);

    [Theory]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("11.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("241.0.93.20")]
    [InlineData("255.247.0.1")]
    public void Public_addresses_get_different_pseudonyms(string address) => Assert.StartsWith("198.18.", _pseudonyms.Host(address), StringComparison.Ordinal);

    [Fact]
    public void No_host_gets_the_address_of_another()
    {
        string[] given = [.. Enumerable.Range(1, 300).Select(n => _pseudonyms.Host($"10.213.{n / 256}.{n % 256}"))];
        Assert.Equal(given.Length, given.Distinct().Count());
        Assert.All(given.Select((name, at) => (name, Original: $"10.213.{(at + 1) / 256}.{(at + 1) % 256}")), pair => Assert.NotEqual(pair.Original, pair.name));
    }

    [Fact]
    public void Hardware_addresses_are_local_ones_and_groups_stay()
    {
        Assert.Equal(0x0200_0000_0001UL, _pseudonyms.OfHardware(0x0050_5612_3456));
        Assert.Equal(0x0200_0000_0001UL, _pseudonyms.OfHardware(0x0050_5612_3456));
        Assert.Equal(0x0200_0000_0002UL, _pseudonyms.OfHardware(0x0050_5612_3457));
        Assert.Equal(0xFFFF_FFFF_FFFFUL, _pseudonyms.OfHardware(0xFFFF_FFFF_FFFF));
    }

    [Fact]
    public void More_public_hosts_than_addresses_for_benchmarks_get_reserved_ones()
    {
        IpBits last = default;
        for (uint n = 0; n <= 131_070; n++)
            last = _pseudonyms.Of(new IpBits(0, 0x0B00_0000 + n), isIPv6: false);
        Assert.Equal(IPAddress.Parse("240.1.255.254"), last.ToAddress(isIPv6: false));
    }
}
