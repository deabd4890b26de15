using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>The sender of packets chooses addresses and ports; the hash tables must stay balanced for any choice.</summary>
public sealed class HashFloodingTests
{
    private const int Count = 60_000;

    /// <summary>
    /// The number of connections in one bucket that cannot be chance. A table with at least as many buckets as connections has about 8 in its fullest
    /// bucket.
    /// </summary>
    private const int Uneven = 150;

    private const ulong Network = 0x2001_0DB8_0000_0001;

    /// <summary>An earlier hash function without a secret gave all of these the same hash.</summary>
    [Fact]
    public void Addresses_of_one_network_that_were_chosen_for_an_unkeyed_hash_are_in_different_buckets() => AssertEven(i =>
    {
        const ulong Odd1 = 0x9E3779B97F4A7C15;
        const ulong Odd2 = 0xC2B2AE3D27D4EB4F;
        const ulong ServerNetwork = 0x3000_0000_0000_0000;
        ulong low = (ulong)i * 0x1_0001;
        ulong first = unchecked((low ^ (Network * Odd2)) * Odd1);
        ulong second = unchecked(first ^ (first >> 29) ^ (ServerNetwork * Odd1)); // the server's low half cancels it
        return Syn(new IpBits(Network, low), new IpBits(ServerNetwork, second), isIPv6: true, 40_000);
    });

    [Fact]
    public void Consecutive_addresses_are_in_different_buckets() => AssertEven(i => Syn(new IpBits(Network, (ulong)i), new IpBits(Network + 1, 1), isIPv6: true, 40_000));

    [Fact]
    public void Addresses_that_differ_only_in_high_bits_are_in_different_buckets() => AssertEven(i => Syn(new IpBits(Network, (ulong)i << 40), new IpBits(Network + 1, 1), isIPv6: true, 40_000));

    [Fact]
    public void Ports_of_one_IPv4_client_are_in_different_buckets() => AssertEven(i => Syn(new IpBits(0, 0x0A00_0001), new IpBits(0, 0x0A00_0002), isIPv6: false, (ushort)(i + 1)));

    [Fact]
    public void IPv4_addresses_are_in_different_buckets() => AssertEven(i => Syn(new IpBits(0, (ulong)i << 8), new IpBits(0, 0xC000_0201), isIPv6: false, 40_000));

    [Fact]
    public void Every_table_has_a_secret_of_its_own()
    {
        FlowKey key = FlowKey.Of(Syn(new IpBits(0, 1), new IpBits(0, 2), isIPv6: false, 3), out _);
        Assert.True(Enumerable.Range(0, 8).Select(_ => key.Hash(HashSecret.Create())).Distinct().Count() > 1);
    }

    private static void AssertEven(Func<int, Segment> flow)
    {
        ConnectionTable table = new(Count * 2, linger: 1, maxLingering: 1, new ConnectionPool());
        SegmentFlows flows = new();
        for (int i = 0; i < Count; i++)
        {
            Segment segment = flow(i);
            table.Observe(segment, flows.Next(segment));
        }

        Assert.Equal(Count, table.Count);
        Assert.InRange(table.LongestSearch, 1, Uneven);
    }

    private static Segment Syn(IpBits client, IpBits server, bool isIPv6, ushort port) => new()
    {
        Source = client,
        Destination = server,
        SourcePort = port,
        DestinationPort = 443,
        Flags = TcpFlags.Syn,
        IsIPv6 = isIPv6,
        HasLength = true,
        HasFlags = true,
        WindowScale = Segment.NoWindowScale,
    };
}
