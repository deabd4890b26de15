namespace BrokenPipeTools.Capture.Text;

/// <summary>Computes how many bytes of a frame are not payload. Rows of TCP show both lengths: that of the frame and that of the payload.</summary>
internal static class RowOverhead
{
    /// <summary>Bytes of Ethernet's shortest frame without its check sequence. A shorter packet is padded to this length.</summary>
    private const int ShortestFrame = 60;
    private const int ShortestWithSequence = 64;
    private const int EthernetHeader = 14;
    private const int TcpHeader = 20;
    private const int TimestampsOption = 12; // with padding

    /// <summary>Returns whether the frame of a packet may be padded.</summary>
    public static bool MayBePadded(TracePacket packet) => packet.FrameLength is ShortestFrame or ShortestWithSequence;

    /// <summary>Computes the overhead of a side's frames from a row, and stores it.</summary>
    public static void Learn(TracePacket packet, TraceSide own, TraceSide peer, bool isIPv6)
    {
        if (!packet.IsRow || packet.FrameLength == 0 || packet.Length < 0 || packet.Kind != TraceKind.Tcp)
            return;
        if (packet.Has(TraceFlags.Syn))
        {
            LearnOfSyn(packet, own, peer, isIPv6);
            return;
        }

        int overhead = packet.FrameLength - packet.Length;
        bool isShown = packet.Sack is null && !packet.Has(TraceFlags.Rst) && (packet.Timestamps is not null || !MayBePadded(packet)) && overhead >= Shortest(isIPv6);
        bool isExact = packet.Length > 0; // without payload the frame may be padded
        bool isBetter = isExact == own.HasExactOverhead ? !own.HasOverhead || overhead < own.Overhead : isExact;
        if (isShown && isBetter)
            (own.Overhead, own.HasOverhead, own.HasExactOverhead) = (overhead, true, isExact);
    }

    /// <summary>Returns the overhead of a side's frames. If it is not known, returns that of the peer, or an estimate.</summary>
    public static int Of(TraceSide own, TraceSide peer, bool isIPv6)
    {
        bool isOwn = own.HasExactOverhead || (own.Overhead > 0 && !peer.HasOverhead) || (own.HasOverhead && !(peer.HasExactOverhead && own.Overhead - peer.Overhead is > 0 and < 4));
        if (isOwn)
            return own.Overhead;
        return peer.Overhead > 0 ? peer.Overhead : EthernetHeader + Shortest(isIPv6) + (own.Timestamps is null ? 0 : TimestampsOption);
    }

    private static void LearnOfSyn(TracePacket packet, TraceSide own, TraceSide peer, bool isIPv6)
    {
        bool isRefused = packet.Has(TraceFlags.Ack) && packet.Timestamps is null && peer.Timestamps is not null;
        if (isRefused && peer.Overhead > Shortest(isIPv6) + TimestampsOption && !peer.HasOverhead)
            peer.Overhead -= TimestampsOption;
        if (peer.Overhead > 0)
        {
            own.Overhead = peer.Overhead; // the options of a SYN-ACK may have another padding
            return;
        }

        bool hasTimestamps = packet.Timestamps is not null && (!packet.Has(TraceFlags.Ack) || peer.Timestamps is not null);
        int overhead = packet.FrameLength - SynOptions(packet) + (hasTimestamps ? TimestampsOption : 0);
        if (overhead >= Shortest(isIPv6))
            own.Overhead = overhead;
    }

    private static int Shortest(bool isIPv6) => TcpHeader + (isIPv6 ? 40 : 20);

    /// <summary>Returns the bytes of the TCP options that a SYN shows, padded to a multiple of four.</summary>
    private static int SynOptions(TracePacket packet)
    {
        int bytes = (packet.SegmentSize >= 0 ? 4 : 0) + (packet.WindowScale != TracePacket.NoScale ? 3 : 0) + (packet.SackPermitted ? 2 : 0) + (packet.Timestamps is not null ? 10 : 0);
        return (bytes + 3) / 4 * 4;
    }
}
