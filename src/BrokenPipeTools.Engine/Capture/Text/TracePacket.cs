using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One packet as it is printed, before its numbers are compared with those of other packets.</summary>
internal sealed class TracePacket
{
    public const byte NoScale = 0xFF;

    public TraceKind Kind { get; set; }

    /// <summary>The number of the packet in the text (column No.); 0 if there is none.</summary>
    public long Number { get; set; }

    public TraceTime Time { get; set; }

    /// <summary>Whether the lines certainly are a packet, even if they cannot be read, because no other text looks like them.</summary>
    public bool IsSure { get; set; }

    /// <summary>Whether lines were left out of the text after this packet.</summary>
    public bool IsBeforeOmission { get; set; }

    /// <summary>Whether the packet is a row of a packet list (tshark, Wireshark). The numbers in it are relative, and windows are scaled.</summary>
    public bool IsRow { get; set; }

    public PrintedEndpoint Source { get; set; } = PrintedEndpoint.None;

    public PrintedEndpoint Destination { get; set; } = PrintedEndpoint.None;

    public byte Flags { get; set; }

    /// <summary>The sequence number; null if it is not printed, as for a pure ACK.</summary>
    public SequenceNumber? Sequence { get; set; }

    public SequenceNumber? Acknowledgment { get; set; }

    public int? Window { get; set; }

    /// <summary>Payload bytes; -1 if they are not printed.</summary>
    public int Length { get; set; } = -1;

    /// <summary>Bytes of the whole frame; 0 if they are not printed.</summary>
    public int FrameLength { get; set; }

    // TCP options

    /// <summary>Whether the options are cut off, or not printed.</summary>
    public bool LacksOptions { get; set; }

    public int SegmentSize { get; set; } = -1;

    public byte WindowScale { get; set; } = NoScale;

    public bool SackPermitted { get; set; }

    public (uint Value, uint Echo)? Timestamps { get; set; }

    public SequenceRange? Sack { get; set; }

    // IP header

    public bool HasHeader { get; set; }

    public byte TimeToLive { get; set; }

    public ushort Identification { get; set; }

    public bool DontFragment { get; set; }

    public byte TypeOfService { get; set; }

    public PacketDirection Direction { get; set; }

    // notes of Wireshark's expert information

    public bool IsRetransmission { get; set; }

    public bool IsPortReused { get; set; }

    public bool IsOutOfOrder { get; set; }

    /// <summary>Whether packets before this one are missing from the original capture.</summary>
    public bool IsAfterGap { get; set; }

    // a row of an upper layer

    /// <summary>The protocol of the row, without a version.</summary>
    public string Protocol { get; set; } = "";

    /// <summary>The first word in its column Info.</summary>
    public string Word { get; set; } = "";

    /// <summary>Whether the protocol is one that UDP usually carries.</summary>
    public bool MayBeOfUdp { get; set; }

    /// <summary>Whether the row is a part of a message that later rows complete.</summary>
    public bool IsPart { get; set; }

    /// <summary>The first bytes of the packet's only TLS record, without its length; empty if the row does not show them.</summary>
    public byte[] Record { get; set; } = [];

    /// <summary>Whether the planner has already searched for the place of this packet.</summary>
    public bool IsPlanned { get; set; }

    /// <summary>The place that the planner found; null if it found none.</summary>
    public UpperLayerRow? Placed { get; set; }

    // ICMP error

    public byte IcmpType { get; set; }

    public byte IcmpCode { get; set; }

    public int Mtu { get; set; }

    /// <summary>The destination of the quoted packet.</summary>
    public PrintedEndpoint QuotedTarget { get; set; } = PrintedEndpoint.None;

    /// <summary>The quoted segment, if it is printed.</summary>
    public TracePacket? Quoted { get; set; }

    /// <summary>The bytes of the packet, if they are printed.</summary>
    public byte[] Bytes { get; set; } = [];

    public bool Has(byte flags) => (Flags & flags) != 0;

    /// <summary>Sets the hosts, and keeps the ports.</summary>
    public void SetHosts(string source, string destination) => (Source, Destination) = (Source with { Host = source }, Destination with { Host = destination });

    /// <summary>Sets the ports, and keeps the hosts.</summary>
    public void SetPorts(int source, int destination) => (Source, Destination) = (Source with { Port = source }, Destination with { Port = destination });
}
