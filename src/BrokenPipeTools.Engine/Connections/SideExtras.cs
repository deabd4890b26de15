namespace BrokenPipeTools.Connections;

/// <summary>Data that few sides need, in an object of its own, so that the others stay small.</summary>
internal sealed class SideExtras
{
    /// <summary>The bits of <see cref="Side.Packets"/> above 32.</summary>
    public long PacketsAbove;

    /// <summary>The bits of <see cref="Side.PayloadBytes"/> above 32.</summary>
    public long PayloadAbove;

    /// <summary>Payload segments all of whose bytes had been seen before.</summary>
    public int Retransmissions;

    /// <summary>First number of the newest stretch of this side that arrived out of order (RFC 2018); equal to <see cref="SackEnd"/> if there is none.</summary>
    public uint SackStart;

    /// <summary>The number after that stretch.</summary>
    public uint SackEnd;

    /// <summary>The first sequence number of the newest traffic class of its payload.</summary>
    public uint ClassSince;

    /// <summary>The traffic class before that one, the ECN bits 0.</summary>
    public byte ClassBefore;
}
