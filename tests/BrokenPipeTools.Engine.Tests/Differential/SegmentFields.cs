using System.Net;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;
using PacketDotNet;
using PacketDotNet.Tcp;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>The fields of a TCP segment that both our decoder and PacketDotNet expose.</summary>
internal sealed record SegmentFields
{
    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public required int SourcePort { get; init; }

    public required int DestinationPort { get; init; }

    public required uint Sequence { get; init; }

    public required uint Acknowledgment { get; init; }

    public required TcpFlags Flags { get; init; }

    public required int Window { get; init; }

    public required int TimeToLive { get; init; }

    public required int Identification { get; init; }

    public required bool DontFragment { get; init; }

    /// <summary>
    /// The bytes of the IP payload after the TCP header, so that the lengths of all headers are compared too. Null if one of the two has no length.
    /// </summary>
    public required int? PayloadLength { get; init; }

    /// <summary>The window scale, if the segment is a SYN whose options PacketDotNet can list; otherwise null.</summary>
    public required int? WindowScale { get; init; }

    /// <summary>Whether the segment has timestamps, if it is a SYN, FIN or RST whose options PacketDotNet can list; otherwise null.</summary>
    public required bool? HasTimestamps { get; init; }

    /// <summary>Null if not all bytes were captured.</summary>
    public required bool? HasGoodChecksum { get; init; }

    /// <summary>The names of the fields that differ.</summary>
    public IEnumerable<string> Differences(SegmentFields other) => typeof(SegmentFields).GetProperties()
        .Where(field => field.CanWrite && !Equals(field.GetValue(this), field.GetValue(other)))
        .Select(field => field.Name);

    public static SegmentFields Of(in Segment s, bool hasOptions) => new()
    {
        Source = s.Source.ToAddress(s.IsIPv6),
        Destination = s.Destination.ToAddress(s.IsIPv6),
        SourcePort = s.SourcePort,
        DestinationPort = s.DestinationPort,
        Sequence = s.Sequence.Value,
        Acknowledgment = s.Acknowledgment.Value,
        Flags = s.Flags,
        Window = s.Window,
        TimeToLive = s.TimeToLive,
        Identification = s.IpIdentification,
        DontFragment = s.DontFragment,
        PayloadLength = s.HasLength ? s.PayloadLength : null,
        WindowScale = hasOptions && s.Has(TcpFlags.Syn) ? s.WindowScale : null,
        HasTimestamps = hasOptions && s.Has(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst) ? s.HasTimestamps : null,
        HasGoodChecksum = s.Checksum == ChecksumState.Unknown ? null : s.Checksum == ChecksumState.Good,
    };

    /// <summary>Returns PacketDotNet's fields, as far as this project's decoder has them.</summary>
    public static SegmentFields Of(PeerSegment theirs, SegmentFields ours)
    {
        TcpPacket tcp = theirs.Tcp;
        IPPacket ip = theirs.Ip;
        return new SegmentFields
        {
            Source = ip.SourceAddress,
            Destination = ip.DestinationAddress,
            SourcePort = tcp.SourcePort,
            DestinationPort = tcp.DestinationPort,
            Sequence = tcp.SequenceNumber,
            Acknowledgment = tcp.AcknowledgmentNumber,
            Flags = (TcpFlags)(byte)tcp.Flags,
            Window = tcp.WindowSize,
            TimeToLive = ip.TimeToLive,
            Identification = ip is IPv4Packet { Id: var id } ? id : 0,
            DontFragment = ip is not IPv4Packet v4 || (v4.FragmentFlags & 2) != 0,
            PayloadLength = ours.PayloadLength is null ? null : theirs.PayloadLength,
            WindowScale = ours.WindowScale is null ? null : WindowScaleOf(tcp),
            HasTimestamps = ours.HasTimestamps is null ? null : OptionsOf(tcp).OfType<TimeStampOption>().Any(),
            HasGoodChecksum = ours.HasGoodChecksum is null ? null : tcp.ValidTcpChecksum,
        };
    }

    private static int WindowScaleOf(TcpPacket tcp) => OptionsOf(tcp).OfType<WindowScaleFactorOption>().LastOrDefault() is { } scale
        ? Math.Min((int)scale.ScaleFactor, 14) // RFC 7323, section 2.3: more counts as 14
        : Segment.NoWindowScale;

    private static List<TcpOption> OptionsOf(TcpPacket tcp) => tcp.OptionsCollection ?? [];
}
