using System.Runtime.InteropServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>A notable moment of a connection. Its time and frame count from the connection's first ones.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct Observation
{
    /// <summary>Nanoseconds since the connection's first segment; may be negative if frames are out of time order.</summary>
    public long Time;

    /// <summary>Frames since the connection's first.</summary>
    public uint Frame;

    public SequenceNumber Sequence;
    public SequenceNumber Acknowledgment;

    /// <summary>Payload bytes; the sum if <see cref="Count"/> is above 1.</summary>
    public uint Length;

    public ushort Window;
    public ushort IpIdentification;

    /// <summary>The number of consecutive segments of the same kind that were merged, from 1 up; 65535 means that many or more.</summary>
    public ushort Count;

    public ObservationKind Kind;

    /// <summary>The end that sent the segment; for an ICMP error, the end that sent the quoted segment.</summary>
    public byte Sender;

    public TcpFlags Flags;
    public byte TimeToLive;

    // The code of an ICMP error, or the marks of a segment. They share a byte, because a connection keeps up to 32 observations.
    private byte _icmpType;
    private byte _codeOrMarks;

    /// <summary>The type and code of an ICMP error; none for a segment.</summary>
    public IcmpKind Icmp
    {
        readonly get => IsIcmp ? new IcmpKind(_icmpType, _codeOrMarks) : default;
        set => (_icmpType, _codeOrMarks) = (value.Type, value.Code);
    }

    /// <summary>The marks of a segment; none for an ICMP error.</summary>
    public ObservationMarks Marks
    {
        readonly get => IsIcmp ? ObservationMarks.None : (ObservationMarks)_codeOrMarks;
        set => _codeOrMarks = (byte)value;
    }

    /// <summary>The frame.</summary>
    public readonly FrameMark At => new(Frame);

    public readonly bool IsIcmp => Kind is ObservationKind.IcmpError or ObservationKind.StrayIcmpError;

    /// <summary>A SYN without ACK, first or repeated.</summary>
    public readonly bool IsSyn => !IsIcmp && (Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;

    /// <summary>
    /// Whether all bytes of the segment had been acknowledged before they were sent again: the acknowledgment was still on its way, or was lost.
    /// </summary>
    public readonly bool RepeatsAcknowledged => (Marks & ObservationMarks.RepeatsAcknowledged) != 0;

    /// <summary>Whether the payload is one TLS record that may be a closure alert; if several segments were merged, each of them is.</summary>
    public readonly bool IsTlsClosureAlert => (Marks & ObservationMarks.TlsClosureAlert) != 0;

    /// <summary>Sets all fields to those of a segment.</summary>
    public void Set(in Segment s, int sender, ObservationKind kind, long time, uint frame)
    {
        Time = time;
        Frame = frame;
        Sequence = s.Sequence;
        Acknowledgment = s.Acknowledgment;
        Length = (uint)s.PayloadLength;
        Window = s.Window;
        IpIdentification = s.IpIdentification;
        Count = 1;
        Kind = kind;
        Sender = (byte)sender;
        Flags = s.Flags;
        TimeToLive = s.TimeToLive;
        _icmpType = 0;
        Marks = s.IsTlsClosureAlert ? ObservationMarks.TlsClosureAlert : ObservationMarks.None;
    }

    /// <summary>Merges a following segment of the same kind. Returns false if it must have its own observation.</summary>
    public bool TryAdd(in Segment s, int sender, ObservationKind kind)
    {
        if (Kind != kind || Sender != sender || Count == ushort.MaxValue)
            return false;
        Count++;
        Length += (uint)s.PayloadLength;
        Acknowledgment = s.Acknowledgment;
        Window = s.Window;
        if (!s.IsTlsClosureAlert)
            Marks &= ~ObservationMarks.TlsClosureAlert;
        return true;
    }
}
