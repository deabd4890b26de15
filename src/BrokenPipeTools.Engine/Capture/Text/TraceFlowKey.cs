namespace BrokenPipeTools.Capture.Text;

/// <summary>The endpoints of a connection in a text trace, in a fixed order.</summary>
internal readonly record struct TraceFlowKey(TraceEndpoint End0, TraceEndpoint End1)
{
    /// <summary>Whether both addresses are IPv6.</summary>
    public bool IsIPv6 => End0.Address.IsIPv6;

    /// <summary>The addresses without the ports.</summary>
    public (TraceAddress Host0, TraceAddress Host1) Hosts => (End0.Address, End1.Address);

    /// <summary>Returns the endpoint of an end: 0 or 1.</summary>
    public TraceEndpoint End(int end) => end == 0 ? End0 : End1;

    /// <summary>Returns the key of a packet's connection, and the end that sent the packet.</summary>
    public static TraceFlowKey Of(in TraceEndpoint source, in TraceEndpoint destination, out int sender)
    {
        int order = source.Address.IsIPv6.CompareTo(destination.Address.IsIPv6);
        if (order == 0)
            order = (source.Address.High, source.Address.Low, source.Port).CompareTo((destination.Address.High, destination.Address.Low, destination.Port));
        sender = order > 0 ? 1 : 0;
        return sender == 0 ? new TraceFlowKey(source, destination) : new TraceFlowKey(destination, source);
    }

    /// <summary>Returns the key of two hosts whose ports are not known.</summary>
    public static TraceFlowKey Portless(in TraceAddress one, in TraceAddress other) => Of(new TraceEndpoint(one, 0), new TraceEndpoint(other, 0), out _);

    /// <inheritdoc cref="TraceAddress.GetHashCode"/>
    public override int GetHashCode() => HashCode.Combine(End0, End1);
}
