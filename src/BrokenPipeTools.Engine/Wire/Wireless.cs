using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Removes the headers of IEEE 802.11 data frames, and those that drivers write before them.</summary>
internal static class Wireless
{
    /// <summary>
    /// Removes the header of a data frame (IEEE 802.11, section 9.2): frame control (2), duration (2), three or four addresses, sequence (2), QoS
    /// (2), HT (4).
    /// </summary>
    public static Layer StripIeee80211(ref Packet p)
    {
        const byte Data = 2;
        const int NullFunction = 0x4;
        const int Qos = 0x8;
        const byte BothSystems = 0x03;
        const byte Protected = 0x40;
        const byte Ordered = 0x80;
        const byte AggregatePresent = 0x80;

        ReadOnlySpan<byte> b = p.Bytes;
        if (b.Length < 24)
            return p.TooShort();
        int type = b[0] >> 2 & 0x3;
        int subtype = b[0] >> 4;
        byte flags = b[1];
        if (type != Data || (subtype & NullFunction) != 0)
            return p.End(DecodeOutcome.NotTcp);
        if ((flags & Protected) != 0)
            return p.End(DecodeOutcome.Opaque);

        int length = (flags & BothSystems) == BothSystems ? 30 : 24;
        bool aggregate = false;
        if ((subtype & Qos) != 0)
        {
            if (b.Length < length + 2)
                return p.TooShort();
            aggregate = (b[length] & AggregatePresent) != 0;
            length += 2 + ((flags & Ordered) != 0 ? 4 : 0);
        }

        if (b.Length < length)
            return p.TooShort();
        p.Strip(length);
        return aggregate ? StripAggregate(ref p) : Layer.Llc;
    }

    /// <summary>
    /// Removes a Radiotap header: version (1), padding (1), length (2, little-endian), a chain of presence words. Its flags field has bits for a
    /// frame check and for padding.
    /// </summary>
    public static Layer StripRadiotap(ref Packet p)
    {
        const byte DataPadded = 0x20;
        const byte FrameCheckPresent = 0x10;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        int length = BinaryPrimitives.ReadUInt16LittleEndian(p.Bytes[2..]);
        byte flags = RadiotapFlags(p.Bytes, length);
        if (length < 8)
            return p.End(DecodeOutcome.Malformed);
        if (p.Bytes.Length < length)
            return p.TooShort();
        p.Strip(length);
        if ((flags & FrameCheckPresent) != 0)
            p.Limit(Math.Max(0, p.Length - 4));
        return (flags & DataPadded) != 0 ? StripPadded(ref p) : Layer.Ieee80211;
    }

    /// <summary>Removes a Prism header: message (4), length (4). An AVS header may be in its place.</summary>
    public static Layer StripPrism(ref Packet p)
    {
        const uint AvsMagic = 0x80211000;
        if (p.Bytes.Length < 8)
            return p.TooShort();
        if ((BinaryPrimitives.ReadUInt32BigEndian(p.Bytes) & 0xFFFFF000) == AvsMagic)
            return StripAvs(ref p);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes[4..]);
        if (length > 4096)
            length = BinaryPrimitives.ReverseEndianness(length);
        return length is >= 8 and <= 4096 ? Ethernet.StripTo(ref p, (int)length, Layer.Ieee80211) : p.End(DecodeOutcome.Malformed);
    }

    /// <summary>Removes an AVS header: version (4), length (4), both big-endian.</summary>
    public static Layer StripAvs(ref Packet p)
    {
        if (p.Bytes.Length < 8)
            return p.TooShort();
        uint length = BinaryPrimitives.ReadUInt32BigEndian(p.Bytes[4..]);
        return length is >= 8 and <= 4096 ? Ethernet.StripTo(ref p, (int)length, Layer.Ieee80211) : p.End(DecodeOutcome.Malformed);
    }

    /// <summary>Removes a PPI header: version (1), flags (1), length (2, little-endian), link type (4, little-endian).</summary>
    public static Layer StripPpi(ref Packet p)
    {
        if (p.Bytes.Length < 8)
            return p.TooShort();
        int length = BinaryPrimitives.ReadUInt16LittleEndian(p.Bytes[2..]);
        uint linkType = BinaryPrimitives.ReadUInt32LittleEndian(p.Bytes[4..]);
        if (length < 8 || linkType == LinkType.Ppi)
            return p.End(DecodeOutcome.Malformed);
        if (p.Bytes.Length < length)
            return p.TooShort();
        p.Strip(length);
        return LinkLayer.Strip(ref p, (int)Math.Min(linkType, ushort.MaxValue));
    }

    /// <summary>Removes the addresses (12) and the length (2) before the first packet of an aggregate (A-MSDU). Only that packet is read.</summary>
    private static Layer StripAggregate(ref Packet p)
    {
        if (p.Bytes.Length < 14)
            return p.TooShort();
        int length = BinaryPrimitives.ReadUInt16BigEndian(p.Bytes[12..]);
        p.Strip(14);
        p.Limit(length);
        return Layer.Llc;
    }

    /// <summary>Removes an 802.11 header that the driver may have padded to a multiple of four.</summary>
    private static Layer StripPadded(ref Packet p)
    {
        Layer next = StripIeee80211(ref p);
        return next == Layer.Llc && p.Bytes.Length >= 2 && p.Bytes[0] != 0xAA ? Ethernet.StripTo(ref p, 2, next) : next;
    }

    /// <summary>
    /// Returns the flags field of a Radiotap header. It is the second field, after an 8-byte clock if bit 0 of the first presence word is set.
    /// </summary>
    private static byte RadiotapFlags(ReadOnlySpan<byte> b, int length)
    {
        const uint Clock = 1;
        const uint Flags = 2;
        const uint More = 0x80000000;
        uint present = BinaryPrimitives.ReadUInt32LittleEndian(b[4..]);
        int at = 4;
        uint word = present;
        while ((word & More) != 0 && at + 8 <= b.Length)
        {
            at += 4;
            word = BinaryPrimitives.ReadUInt32LittleEndian(b[at..]);
        }

        at += 4;
        if ((present & Clock) != 0)
            at = ((at + 7) & ~7) + 8;
        return (present & Flags) != 0 && at < length && at < b.Length ? b[at] : (byte)0;
    }
}
