using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>One TCP segment: the fields of a packet that the code after the decoder uses. It is a value, without a reference to the packet's bytes.</summary>
internal struct Segment
{
    /// <summary>Wireshark's frame number.</summary>
    public long Frame;

    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public long Time;

    public IpBits Source;
    public IpBits Destination;
    public ushort SourcePort;
    public ushort DestinationPort;
    public SequenceNumber Sequence;

    /// <summary>The acknowledgment number; usually 0 if the segment has no ACK flag.</summary>
    public SequenceNumber Acknowledgment;

    /// <summary>Payload bytes on the wire; 0 if <see cref="HasLength"/> is false.</summary>
    public int PayloadLength;

    /// <summary>The receive window as in the header, not scaled.</summary>
    public ushort Window;

    /// <summary>IPv4 identification; 0 for IPv6.</summary>
    public ushort IpIdentification;

    public TcpFlags Flags;

    /// <summary>TTL or hop limit.</summary>
    public byte TimeToLive;

    /// <summary>Shift count of the window scale option (RFC 7323, section 2.2), or <see cref="NoWindowScale"/>. Read from SYN segments only.</summary>
    public byte WindowScale;

    /// <summary>The kind of the ICMP error that quotes this segment; type 0 if it is not a quotation.</summary>
    public IcmpKind Icmp;

    /// <summary>Type of service or traffic class: DSCP, and ECN in the lower two bits.</summary>
    public byte TrafficClass;

    public ChecksumState Checksum;

    /// <summary>The HTTP request at the start of the payload.</summary>
    internal HttpRequest Request;

    /// <summary>The checksum field; 0 if it was not captured.</summary>
    public ushort ChecksumField;

    /// <summary>The direction in which the packet passed the capturing host, if the capture has it.</summary>
    public PacketDirection Direction;

    public bool IsIPv6;

    public bool DontFragment;

    /// <summary>Whether the payload's length is known. It is not known if only the first fragment was captured, and for a quoted segment.</summary>
    public bool HasLength;

    /// <summary>The length of the head of the HTTP response at the start of the payload; 0 if its body's length is not known.</summary>
    internal ushort ResponseHeadLength;

    /// <summary>The client's timestamp: TSval of a SYN, TSecr of a SYN-ACK; 0 for none (RFC 7323, section 3.2).</summary>
    public uint ClientTimestamp;

    /// <summary>Whether the timestamps option is present (RFC 7323, section 3), or may be, because the end of the header was cut off.</summary>
    public bool HasTimestamps;

    /// <summary>
    /// Whether the payload is exactly one TLS record: an alert, or application data of at most 24 bytes, which is how TLS 1.3 encrypts an alert.
    /// </summary>
    public bool IsTlsClosureAlert;

    /// <summary>Whether the payload is one short TLS record of application data: an encrypted GOAWAY, or any other short message.</summary>
    public bool IsShortTls;

    /// <summary>Whether the payload may be the end of a chunked HTTP body; also true if its last bytes were not captured.</summary>
    internal bool MayEndChunks;

    /// <summary>The unencrypted reason to close in the payload.</summary>
    internal CloseReason Reason;

    /// <summary>The index of the server's name, or of a RST's text, in the decoder's texts; 0 for none.</summary>
    internal int TextAt;

    /// <summary>What the MPTCP option states.</summary>
    internal Multipath Multipath;

    /// <summary>Whether the payload contains the searched text.</summary>
    internal bool HoldsText;

    /// <summary>Whether the payload is the rest of a ClientHello that began in the segment before.</summary>
    internal bool IsHelloRest;

    /// <summary>Whether the payload is a part of the head of an HTTP response that continues in the next segment.</summary>
    internal bool HeadContinues;

    /// <summary>Whether the payload is the rest of the head of an HTTP response that began in the segment before.</summary>
    internal bool IsHeadRest;

    /// <summary>Whether the frame was cut by the snapshot length.</summary>
    public bool IsSnapped;

    /// <summary>Whether the flags, sequence and acknowledgment are known; they are not for a quotation of only eight bytes.</summary>
    public bool HasFlags;

    /// <summary>The MTU reported by the ICMP error that quotes this segment; 0 for none.</summary>
    public int ReportedMtu;

    /// <summary>The sender of the ICMP error that quotes this segment.</summary>
    public IpBits Reporter;

    /// <summary>The newest numbers that the sender received out of order (RFC 2018); empty if there are none.</summary>
    public SequenceRange Sack;

    /// <summary>The fields that the frame lacks, if it was made from a text trace; they are 0.</summary>
    public FrameLacks Lacks;

    /// <summary>
    /// The bytes of body that the HTTP response at the start of the payload announces; 0 if it announces none, <see cref="HttpHead.Chunked"/> if the body
    /// is chunked.
    /// </summary>
    internal int ResponseBodyLength;

    public const byte NoWindowScale = 0xFF;

    /// <summary>Sets the fields of a TCP header that every ICMP error quotes.</summary>
    internal void TakeNumbers(in TcpHeader tcp)
    {
        SourcePort = tcp.SourcePort;
        DestinationPort = tcp.DestinationPort;
        Sequence = tcp.Sequence;
    }

    /// <summary>Sets the other fields of a header, except the options.</summary>
    internal void TakeHeader(in TcpHeader tcp)
    {
        Acknowledgment = tcp.Acknowledgment;
        Flags = tcp.Flags;
        Window = tcp.Window;
        ChecksumField = tcp.Checksum;
    }

    public readonly bool IsQuoted => Icmp.Type != 0;

    public readonly bool Has(TcpFlags flags) => (Flags & flags) != 0;

    /// <summary>The sequence number after this segment: each payload byte, SYN and FIN count as one.</summary>
    public readonly SequenceNumber EndSequence => Sequence.Add(PayloadLength + (Has(TcpFlags.Syn) ? 1 : 0) + (Has(TcpFlags.Fin) ? 1 : 0));
}
