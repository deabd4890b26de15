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

/// <summary>One side of a connection of a text.</summary>
internal sealed class TraceSide
{
    /// <summary>What it sends.</summary>
    public TraceNumbers Sent;

    /// <summary>The acknowledgment that it sent last; null for none.</summary>
    public uint? Acknowledged { get; set; }

    /// <summary>The window of its last segment, as in the header.</summary>
    public int Window { get; set; } = -1;

    /// <summary>Shift count of its SYN's window scale option; <see cref="TracePacket.NoScale"/> if it is not known.</summary>
    public byte Scale { get; set; } = TracePacket.NoScale;

    public bool HasSyn { get; set; }

    /// <summary>What is added to its numbers if they are those of a packet list: all connections of one pair of ports begin with 0 there.</summary>
    public uint Offset { get; set; }

    /// <summary>The number of the segment that it sent last, RST left out.</summary>
    public uint LastSequence { get; set; }

    /// <summary>It sent payload, FIN or RST.</summary>
    public bool HasMoved { get; set; }

    public bool HasFin { get; set; }

    /// <summary>Its last payload is a part of a message that goes on.</summary>
    public bool IsInMessage { get; set; }

    public bool IsReset { get; set; }

    /// <summary>The timestamps that it sent last.</summary>
    public (uint Value, uint Echo)? Timestamps { get; set; }

    /// <summary>Bytes of a frame of it that are not payload, if rows show both; 0 if not.</summary>
    public int Overhead { get; set; }

    /// <summary>A row behind the SYN shows it.</summary>
    public bool HasOverhead { get; set; }

    /// <summary>A row with payload shows it.</summary>
    public bool HasExactOverhead { get; set; }
}

/// <summary>A connection of a text: what is needed to read its next line.</summary>
internal sealed class TraceFlow(TraceFlowKey key)
{
    /// <summary>Distance between the numbers of connections one after the other, if a text prints all of them from 0.</summary>
    public const uint InstanceStep = 0x1000_0000;

    public TraceFlowKey Key { get; } = key;

    public TraceSide Side0 { get; private set; } = new();

    public TraceSide Side1 { get; private set; } = new();

    public TraceNumbering Numbering { get; set; }

    /// <summary>The end that sent the newest packet.</summary>
    public int LastSender { get; set; }

    /// <summary>No initial number is known: numbers are relative.</summary>
    public bool IsRelative { get; set; }

    /// <summary>The sides of the connection that a SYN replaced, until a SYN-ACK answers that: tcpdump counts from their numbers until then.</summary>
    public (TraceSide Side0, TraceSide Side1)? Replaced { get; set; }

    /// <summary>Which packet of the text was the newest of this connection.</summary>
    public long Newest { get; set; }

    /// <summary>The protocol of its rows of an upper layer; null before the first one.</summary>
    public string? Protocol { get; set; }

    /// <summary>Both ends have closed it.</summary>
    public bool IsClosed => Side0.IsReset || Side1.IsReset || (Side0.HasFin && Side1.HasFin);

    public TraceSide Side(int end) => end == 0 ? Side0 : Side1;

    /// <summary>Begins another connection between the same ports.</summary>
    public void Restart()
    {
        Replaced = (Side0, Side1);
        Protocol = null;
        Side0 = new TraceSide { Offset = Side0.Offset + InstanceStep };
        Side1 = new TraceSide { Offset = Side1.Offset + InstanceStep };
    }
}
