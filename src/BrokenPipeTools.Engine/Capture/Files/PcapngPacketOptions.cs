namespace BrokenPipeTools.Capture.Files;

/// <summary>The options of an enhanced packet block (section 4.3.1 of the draft) that frames need. Most packets have none.</summary>
internal readonly struct PcapngPacketOptions
{
    private const ushort End = 0;       // opt_endofopt
    private const ushort Comment = 1;   // opt_comment
    private const ushort Flags = 2;     // epb_flags
    private const ushort DropCount = 4; // epb_dropcount

    private const uint DirectionMask = 0x3; // 1 inbound, 2 outbound
    private const int ReceptionShift = 2;
    private const uint ReceptionMask = 0x7;
    private const uint Promiscuous = 4;

    /// <summary>A larger number is not plausible. With this bound, the sum over all packets does not overflow.</summary>
    private const ulong MaxDrops = 1UL << 20;

    private readonly int _commentAt;
    private readonly int _commentLength;

    private PcapngPacketOptions(PacketDirection direction, long drops, int commentAt, int commentLength) =>
        (Direction, Drops, _commentAt, _commentLength) = (direction, drops, commentAt, commentLength);

    /// <summary>The direction in which the packet passed the interface.</summary>
    public PacketDirection Direction { get; }

    /// <summary>Packets that were lost between the previous packet on the same interface and this one.</summary>
    public long Drops { get; }

    /// <summary>Returns the first comment on the packet, in UTF-8; empty if there is none.</summary>
    /// <param name="body">The block that the options were read from.</param>
    public ReadOnlySpan<byte> CommentIn(PcapngFields body) => body.Bytes.Slice(_commentAt, _commentLength);

    /// <summary>Reads the options after the packet's bytes, from <paramref name="at"/> on. A damaged option ends the list.</summary>
    public static PcapngPacketOptions Read(PcapngFields body, int at)
    {
        PacketDirection direction = PacketDirection.Unknown;
        ulong drops = 0;
        (int commentAt, int commentLength) = (0, 0);
        while (at + 4 <= body.Length)
        {
            ushort code = body.U16(at);
            int length = body.U16(at + 2);
            if (code == End || at + 4 + length > body.Length)
                break;
            if (code == Flags && length >= 4)
                direction = DirectionOf(body.U32(at + 4));
            else if (code == DropCount && length >= 8)
                drops = Math.Min(body.U64(at + 4), MaxDrops);
            else if (code == Comment && commentLength == 0)
                (commentAt, commentLength) = (at + 4, length);
            at += 4 + ((length + 3) & ~3);
        }

        return new PcapngPacketOptions(direction, (long)drops, commentAt, commentLength);
    }

    private static PacketDirection DirectionOf(uint flags)
    {
        bool isForOther = (flags >> ReceptionShift & ReceptionMask) == Promiscuous;
        return (flags & DirectionMask) switch
        {
            1 => isForOther ? PacketDirection.Passing : PacketDirection.Incoming,
            2 => PacketDirection.Outgoing,
            _ => PacketDirection.Unknown,
        };
    }
}
