using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>Keeps the data that few sides need in a separate object, so that the other sides stay small.</summary>
internal sealed class SideExtras
{
    /// <summary>The high bits of <see cref="Side.Packets"/>, above 32.</summary>
    public long PacketsAbove;

    /// <summary>The high bits of <see cref="Side.PayloadBytes"/>, above 32.</summary>
    public long PayloadAbove;

    /// <summary>Payload segments all of whose bytes had been seen before.</summary>
    public int Retransmissions;

    /// <summary>The first RST, if it is not <see cref="Side.EffectiveRstAt"/>.</summary>
    public FrameMark EarlierRstAt;

    /// <summary>The newest numbers of this side that arrived out of order (RFC 2018); empty if there are none.</summary>
    public SequenceRange Sack;

    /// <summary>The sequence number at which the newest traffic class of this side's payload begins.</summary>
    public SequenceNumber ClassSince;

    /// <summary>The traffic class before the newest one, with the ECN bits 0.</summary>
    public byte ClassBefore;
}
