using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Wire;

/// <summary>A frame during decoding: its remaining bytes, and the fields of the headers read so far.</summary>
internal ref struct Packet
{
    /// <summary>The captured bytes from the current header on.</summary>
    public ReadOnlySpan<byte> Bytes;

    /// <summary>The number of bytes on the wire from here on; more than <see cref="Bytes"/> if the frame was cut.</summary>
    public int Length;

    /// <summary>The outcome of the decoding.</summary>
    public DecodeOutcome Outcome;

    /// <summary>The direction in which the packet passed the capturing host, if the capture has it.</summary>
    public PacketDirection Direction;

    /// <summary>The IP header read last.</summary>
    public IpHeader Ip;

    /// <summary>The ICMP error that quotes the rest, if any.</summary>
    public IcmpQuotation Quotation;

    public Packet(ReadOnlySpan<byte> bytes, int length)
    {
        Bytes = bytes;
        Length = Math.Max(length, 0);
        if (bytes.Length > Length)
            Bytes = bytes[..Length];
    }

    public readonly bool IsSnapped => Bytes.Length < Length;

    /// <summary>Removes <paramref name="count"/> bytes from the front; they must have been captured.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Strip(int count)
    {
        Bytes = Bytes[count..];
        Length -= count;
    }

    /// <summary>Cuts the packet to <paramref name="length"/> bytes: padding, trailers, frame check sequences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Limit(int length)
    {
        if (length >= Length)
            return;
        Length = length;
        if (Bytes.Length > length)
            Bytes = Bytes[..length];
    }

    public Layer End(DecodeOutcome outcome)
    {
        Outcome = outcome;
        return Layer.End;
    }

    /// <summary>Ends the decoding at an incomplete header: the snapshot length cut it, or the packet itself is too short.</summary>
    public Layer TooShort() => End(IsSnapped ? DecodeOutcome.Snapped : DecodeOutcome.Malformed);
}
