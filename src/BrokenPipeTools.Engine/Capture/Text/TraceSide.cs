using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One side of a connection in a text.</summary>
internal sealed class TraceSide
{
    /// <summary>The sequence numbers of the segments that this side sent.</summary>
    public TraceNumbers Sent;

    /// <summary>The last acknowledgment number that this side sent; null if it sent none.</summary>
    public SequenceNumber? Acknowledged { get; set; }

    /// <summary>The window of this side's last segment, as it is in the header.</summary>
    public int Window { get; set; } = -1;

    /// <summary>The shift count in the window scale option of this side's SYN; <see cref="TracePacket.NoScale"/> if it is not known.</summary>
    public byte Scale { get; set; } = TracePacket.NoScale;

    public bool HasSyn { get; set; }

    /// <summary>The offset of this side's numbers in a packet list, in which every connection of a pair of ports begins with 0.</summary>
    public uint Offset { get; set; }

    /// <summary>The number of this side's last segment, except RSTs.</summary>
    public SequenceNumber LastSequence { get; set; }

    /// <summary>Whether this side has sent payload, FIN or RST.</summary>
    public bool HasMoved { get; set; }

    public bool HasFin { get; set; }

    /// <summary>Whether this side's last payload is part of a message that continues.</summary>
    public bool IsInMessage { get; set; }

    public bool IsReset { get; set; }

    /// <summary>The timestamps in this side's last segment.</summary>
    public (uint Value, uint Echo)? Timestamps { get; set; }

    /// <summary>Bytes of this side's frames that are not payload, if rows show both lengths; otherwise 0.</summary>
    public int Overhead { get; set; }

    /// <summary>Whether a row after the SYN shows the overhead.</summary>
    public bool HasOverhead { get; set; }

    /// <summary>Whether a row with payload shows the overhead.</summary>
    public bool HasExactOverhead { get; set; }
}
