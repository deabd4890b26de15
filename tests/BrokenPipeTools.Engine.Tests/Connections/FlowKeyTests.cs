using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Text;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;
using CsCheck;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>Both directions of a connection have one key, and its ends are the endpoints of the segment.</summary>
public sealed class FlowKeyTests
{
    /// <summary>Few different values, so that addresses and ports are often equal.</summary>
    private static readonly Gen<ulong> Words = Gen.OneOf(Gen.ULong, Gen.ULong[0, 2]);

    private static readonly Gen<Endpoint> IPv6 = Gen.Select(Words, Words, Gen.UShort[0, 3], (high, low, port) => new Endpoint(new IpBits(high, low), port, IsIPv6: true));

    private static readonly Gen<Endpoint> IPv4 = Gen.Select(Gen.OneOf(Gen.UInt, Gen.UInt[0, 2]), Gen.UShort, (low, port) => new Endpoint(new IpBits(0, low), port, IsIPv6: false));

    private static readonly Gen<(Endpoint Source, Endpoint Destination)> Pairs = Gen.OneOf(Gen.Select(IPv6, IPv6), Gen.Select(IPv4, IPv4));

    [Fact]
    public void A_segment_and_its_answer_have_one_key() => Pairs.Sample((source, destination) =>
    {
        FlowKey key = FlowKey.Of(From(source, destination), out int sender);
        Assert.Equal(key, FlowKey.Of(From(destination, source), out int answerer));
        Assert.Equal(key, FlowKey.Of(FrameEndpoints.Of(From(source, destination))));
        Assert.Equal(source == destination ? sender : 1 - sender, answerer);
        Connection connection = new();
        connection.Begin(key, hash: 0, stream: 0);
        Assert.Equal((source, destination), (connection.Endpoint(sender), connection.Endpoint(1 - sender)));
        Assert.True(connection.HasEndpointsOf(From(source, destination), sender) && connection.HasEndpointsOf(From(destination, source), answerer));
        HashSecret secret = HashSecret.Create();
        Assert.Equal(key.Hash(secret), FlowKey.HashOf(From(source, destination), sender, secret));
        Assert.Equal(key.Hash(secret), FlowKey.HashOf(From(destination, source), answerer, secret));
    });

    [Fact]
    public void A_segment_of_other_endpoints_is_not_taken_for_one_of_the_connection() => Gen.Select(Pairs, Pairs).Sample((pair, other) =>
    {
        FlowKey key = FlowKey.Of(From(pair.Source, pair.Destination), out _);
        Connection connection = new();
        connection.Begin(key, hash: 0, stream: 0);
        Segment segment = From(other.Source, other.Destination);
        Assert.Equal(key == FlowKey.Of(segment, out int sender), connection.HasEndpointsOf(segment, sender));
    });

    [Fact]
    public void Segments_of_a_text_trace_and_their_answers_have_one_key() => Pairs.Sample((source, destination) =>
    {
        (TraceEndpoint from, TraceEndpoint to) = (Printed(source), Printed(destination));
        TraceFlowKey key = TraceFlowKey.Of(from, to, out int sender);
        Assert.Equal(key, TraceFlowKey.Of(to, from, out int answerer));
        Assert.Equal(from == to ? sender : 1 - sender, answerer);
        Assert.Equal((from, to), (key.End(sender), key.End(1 - sender)));
    });

    private static Segment From(Endpoint source, Endpoint destination) => new()
    {
        Source = source.Address, SourcePort = source.Port, Destination = destination.Address, DestinationPort = destination.Port, IsIPv6 = source.IsIPv6,
    };

    private static TraceEndpoint Printed(Endpoint endpoint) => new(new TraceAddress(endpoint.Address.High, endpoint.Address.Low, endpoint.IsIPv6), endpoint.Port);
}
