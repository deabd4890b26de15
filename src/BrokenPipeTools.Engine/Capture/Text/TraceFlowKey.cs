namespace BrokenPipeTools.Capture.Text;

/// <summary>The endpoints of a connection of a text, in a fixed order.</summary>
internal readonly record struct TraceFlowKey(TraceAddress Address0, TraceAddress Address1, int Port0, int Port1)
{
    /// <summary>The key of a packet, and which end sent it.</summary>
    public static TraceFlowKey Of(in TraceAddress source, int sourcePort, in TraceAddress destination, int destinationPort, out int sender)
    {
        int order = source.IsIPv6.CompareTo(destination.IsIPv6);
        if (order == 0)
            order = (source.High, source.Low, sourcePort).CompareTo((destination.High, destination.Low, destinationPort));
        sender = order > 0 ? 1 : 0;
        return sender == 0
            ? new TraceFlowKey(source, destination, sourcePort, destinationPort)
            : new TraceFlowKey(destination, source, destinationPort, sourcePort);
    }

    /// <inheritdoc cref="TraceAddress.GetHashCode"/>
    public override int GetHashCode() => HashCode.Combine(Address0, Address1, Port0, Port1);
}
