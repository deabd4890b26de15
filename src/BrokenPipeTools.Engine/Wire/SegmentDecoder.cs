using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Decodes frames to segments: reads one header after the other until it reaches TCP, or finds that there is none. It also stores IP fragments until
/// their datagram is complete, and counts the outcomes of frames.
/// </summary>
internal sealed class SegmentDecoder
{
    /// <summary>More nested headers than this are an attack on the decoder.</summary>
    private const int MaxDepth = 40;

    private readonly FragmentTable _fragments = new();
    private readonly PayloadTexts _texts = new();
    private readonly HelloRests _hellos = new();
    private readonly HeadRests _heads = new();
    private readonly long[] _counts = new long[Enum.GetValues<DecodeOutcome>().Length];

    /// <summary>Returns how many frames had this outcome.</summary>
    public long Count(DecodeOutcome outcome) => _counts[(int)outcome];

    /// <summary>Fragmented datagrams that were removed because too many were unfinished at the same time.</summary>
    public long DatagramsGivenUp => _fragments.GivenUp;

    /// <summary>Fragments added to datagrams so far; if the number has grown, the newest frame was a fragment.</summary>
    internal long Fragments => _fragments.Added;

    /// <summary>The number of the datagram that the newest fragment belongs to.</summary>
    internal long FragmentedDatagram => _fragments.Newest;

    /// <summary>The link type of the newest frame with <see cref="DecodeOutcome.UnknownLinkType"/>.</summary>
    public int LastUnknownLinkType { get; private set; }

    /// <summary>The bytes to search in the captured payload of each segment; empty for none.</summary>
    internal byte[] Text { get; set; } = [];

    /// <summary>The texts that the segments refer to.</summary>
    internal PayloadTexts Texts => _texts;

    /// <summary>Decodes a frame. <paramref name="segment"/> is set for <see cref="DecodeOutcome.Segment"/> and <see cref="DecodeOutcome.QuotedSegment"/>.</summary>
    public DecodeOutcome Decode(in Frame frame, out Segment segment)
    {
        if (frame.LinkType != LinkType.Ethernet || !OrdinaryFrame.TryRead(frame, out segment, out ReadOnlySpan<byte> bytes))
            return DecodeLayers(frame, out segment);
        int addresses = OrdinaryFrame.AddressesLength(segment.IsIPv6);
        ReadOnlySpan<byte> tcp = bytes[addresses..];
        ReadOptions(tcp[TcpHeader.MinLength..^segment.PayloadLength], ref segment);
        if (segment.PayloadLength > 0)
            ReadPayload(tcp[^segment.PayloadLength..], ref segment);
        segment.Checksum = InternetChecksum.Judge(bytes, addresses, segment);
        segment.Frame = frame.Number;
        segment.Time = frame.Time;
        segment.Lacks = frame.Lacks;
        _counts[(int)DecodeOutcome.Segment]++;
        return DecodeOutcome.Segment;
    }

    /// <summary>Decodes any frame, one layer after the other.</summary>
    internal DecodeOutcome DecodeLayers(in Frame frame, out Segment segment) => DecodeLayers(frame, out segment, out _);

    /// <summary>Decodes any frame, and returns the captured bytes of the segment, from its TCP header on; valid until the next frame.</summary>
    internal DecodeOutcome DecodeLayers(scoped in Frame frame, out Segment segment, out ReadOnlySpan<byte> tcp)
    {
        tcp = default;
        Packet p = new(frame.Data, frame.OriginalLength) { Direction = frame.Direction };
        Layer layer = frame.LinkType == LinkType.Ethernet ? Ethernet.Strip(ref p) : LinkLayer.Strip(ref p, frame.LinkType);
        if (layer == Layer.IPv4)
            layer = IPv4.Strip(ref p); // the most frequent kinds of packets do not need the table below
        Unsafe.SkipInit(out segment);
        for (int depth = 0; layer != Layer.End; depth++)
        {
            if (layer == Layer.Tcp)
            {
                if (ReadSegment(ref p, ref segment))
                {
                    tcp = p.Bytes;
                    segment.Frame = frame.Number;
                    segment.Time = frame.Time;
                    segment.Lacks = frame.Lacks;
                    p.Outcome = segment.IsQuoted ? DecodeOutcome.QuotedSegment : DecodeOutcome.Segment;
                }

                break;
            }

            layer = depth < MaxDepth ? Strip(ref p, layer) : p.End(DecodeOutcome.TooDeep);
        }

        _counts[(int)p.Outcome]++;
        if (p.Outcome == DecodeOutcome.UnknownLinkType)
            LastUnknownLinkType = frame.LinkType;
        return p.Outcome;
    }

    private Layer Strip(ref Packet p, Layer layer) => layer switch
    {
        Layer.Ethernet => Ethernet.Strip(ref p),
        Layer.IPv4 => IPv4.Strip(ref p),
        Layer.IPv6 => IPv6.Strip(ref p),
        Layer.Vlan => Ethernet.StripVlan(ref p),
        Layer.Udp => UdpTunnel.Strip(ref p),
        Layer.Ip => StripIp(ref p),
        Layer.Fragment => StripFragment(ref p),
        Layer.Icmp => IcmpError.StripIcmp(ref p),
        Layer.Icmpv6 => IcmpError.StripIcmpv6(ref p),
        Layer.Llc => Llc.Strip(ref p),
        Layer.Mpls => Mpls.Strip(ref p),
        Layer.ProviderBackbone => Ethernet.StripProviderBackbone(ref p),
        Layer.FabricPath => Ethernet.StripFabricPath(ref p),
        Layer.VnTag => Ethernet.StripVnTag(ref p),
        Layer.ETag => Ethernet.StripETag(ref p),
        Layer.CiscoMetaData => Ethernet.StripCiscoMetaData(ref p),
        Layer.Nsh => Ethernet.StripNsh(ref p),
        Layer.MacSec => Ethernet.StripMacSec(ref p),
        Layer.Trill => Ethernet.StripTrill(ref p),
        Layer.Hsr => Ethernet.StripHsr(ref p),
        Layer.Ieee80211 => Wireless.StripIeee80211(ref p),
        Layer.Ppp => SerialLine.StripPpp(ref p),
        Layer.Pppoe => SerialLine.StripPppoe(ref p),
        Layer.CiscoHdlc => SerialLine.StripCiscoHdlc(ref p),
        Layer.FrameRelay => SerialLine.StripFrameRelay(ref p),
        Layer.Gre => Gre.Strip(ref p),
        Layer.AuthenticationHeader => IpProtocol.StripAuthenticationHeader(ref p),
        Layer.EtherIp => Ethernet.StripTo(ref p, 2, Layer.Ethernet), // RFC 3378, section 3
        _ => throw new InvalidOperationException($"no such layer: {layer}"),
    };

    private static Layer StripIp(ref Packet p)
    {
        if (p.Bytes.IsEmpty)
            return p.TooShort();
        return (p.Bytes[0] >> 4) switch
        {
            4 => Layer.IPv4,
            6 => Layer.IPv6,
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }

    /// <summary>
    /// Handles a fragment. One that was completely captured waits for the others. Otherwise the datagram can never be reassembled; its first fragment
    /// still shows the TCP header, but not the length of the segment.
    /// </summary>
    private Layer StripFragment(ref Packet p)
    {
        bool isFirst = p.Ip.FragmentOffset == 0;
        if (p.Bytes.Length < p.Ip.FragmentLength || p.Quotation.Kind.Type != 0)
        {
            if (!isFirst)
                return p.End(DecodeOutcome.NotTcp);
            p.Ip.IsLoneFragment = true;
        }
        else if (!_fragments.TryComplete(ref p))
        {
            return p.End(DecodeOutcome.FragmentHeld);
        }

        return IpProtocol.Next(ref p, p.Ip.Protocol);
    }

    private bool ReadSegment(ref Packet p, ref Segment s)
    {
        bool complete = TcpHeader.TryRead(p.Bytes, out TcpHeader tcp);
        bool isQuoted = p.Quotation.Kind.Type != 0;
        if (!complete && !(isQuoted && TcpHeader.TryReadQuoted(p.Bytes, out tcp)))
        {
            p.TooShort();
            return false;
        }

        ref IpHeader ip = ref p.Ip;
        s = default;
        s.Source = ip.Source;
        s.Destination = ip.Destination;
        s.IsIPv6 = ip.IsIPv6;
        s.TimeToLive = ip.TimeToLive;
        s.IpIdentification = ip.Identification;
        s.DontFragment = ip.DontFragment;
        s.TrafficClass = ip.TrafficClass;
        s.Icmp = p.Quotation.Kind;
        if (isQuoted)
        {
            s.ReportedMtu = p.Quotation.Mtu;
            s.Reporter = p.Quotation.From;
        }

        s.IsSnapped = p.IsSnapped;
        s.Direction = p.Direction;
        s.HasFlags = complete;
        s.WindowScale = Segment.NoWindowScale;
        s.TakeNumbers(tcp);
        if (!complete)
            return true;

        s.TakeHeader(tcp);
        int headerLength = tcp.Length;
        s.HasLength = !isQuoted && !ip.IsLoneFragment && p.Length >= headerLength;
        if (s.HasLength)
            s.PayloadLength = p.Length - headerLength;
        if (TrailingPadding.MayBe(s.PayloadLength) && TrailingPadding.Is(p, headerLength, s.Flags))
            s.PayloadLength = 0;
        ReadOptions(tcp.Options, ref s);
        if (tcp.Bytes.Length < headerLength)
            s.HasTimestamps = true; // it may have been cut off
        if (s.PayloadLength > 0 && tcp.Bytes.Length > headerLength)
            ReadPayload(tcp.Bytes[headerLength..], ref s);
        if (s.HasLength && !p.IsSnapped)
            s.Checksum = Judge(p, headerLength + s.PayloadLength);
        return true;
    }

    /// <summary>Reads the unencrypted names and reasons in the payload, as far as it was captured.</summary>
    private void ReadPayload(ReadOnlySpan<byte> payload, ref Segment s)
    {
        if (_hellos.TryTake(s, out int beyond))
            PayloadReader.ReadRest(payload, beyond, ref s, _texts, _hellos);
        else if ((s.Flags & TcpFlags.Rst) == 0 && _heads.TryTake(s, out byte[] begun))
            PayloadReader.ReadHeadRest(begun, payload, ref s, _heads);
        else if ((s.Flags & TcpFlags.Rst) != 0 || PayloadReader.MayHoldWords(payload))
            PayloadReader.Read(payload, ref s, _texts, _hellos, _heads);
        s.MayEndChunks = payload.Length < s.PayloadLength || HttpHead.MayEndChunks(payload[..s.PayloadLength]);
        if (Text.Length > 0)
            s.HoldsText = payload[..Math.Min(s.PayloadLength, payload.Length)].IndexOf(Text) >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadOptions(ReadOnlySpan<byte> bytes, ref Segment s)
    {
        if (bytes.IsEmpty)
            return;
        if (TcpOptions.AreOnlyTimestamps(bytes) && !s.Has(TcpFlags.Syn))
            s.HasTimestamps = true;
        else
            ReadAllOptions(bytes, ref s);
    }

    private static void ReadAllOptions(ReadOnlySpan<byte> bytes, ref Segment s)
    {
        TcpOptions options = TcpOptions.Read(bytes);
        s.HasTimestamps = options.HasTimestamps;
        if (s.Has(TcpFlags.Syn))
        {
            s.WindowScale = options.WindowScale;
            s.ClientTimestamp = s.Has(TcpFlags.Ack) ? options.TimestampEcho : options.Timestamp;
        }

        s.Multipath = s.Has(TcpFlags.Syn) && !s.Has(TcpFlags.Ack) ? Multipath.None : options.Multipath; // a SYN only proposes it
        if (options.MptcpReset is { } reason && s.Has(TcpFlags.Rst))
            s.Reason = new CloseReason(ReasonKind.MptcpReset, Code: reason);
        if (!s.Has(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst) && SackBlock.TryRead(bytes, out SequenceRange block))
            s.Sack = block;
    }

    /// <summary>Verifies the checksum. If the IP length includes padding, the sender may have computed the checksum with or without it.</summary>
    private static ChecksumState Judge(in Packet p, int length)
    {
        ChecksumState state = InternetChecksum.Judge(p.Bytes, p.Ip.HomeSource, p.Ip.FinalDestination);
        return state == ChecksumState.Bad && length < p.Bytes.Length ? InternetChecksum.Judge(p.Bytes[..length], p.Ip.HomeSource, p.Ip.FinalDestination) : state;
    }
}
