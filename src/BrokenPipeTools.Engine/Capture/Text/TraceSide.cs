using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One side of a connection in a text.</summary>
internal sealed class TraceSide
{
    /// <summary>The numbers of its segments.</summary>
    public TraceNumbers Sent;

    /// <summary>The last acknowledgment number that it sent; null for none.</summary>
    public SequenceNumber? Acknowledged { get; set; }

    /// <summary>The window of its last segment, as in the header.</summary>
    public int Window { get; set; } = -1;

    /// <summary>The shift count of its SYN's window scale option; <see cref="TracePacket.NoScale"/> if it is not known.</summary>
    public byte Scale { get; set; } = TracePacket.NoScale;

    public bool HasSyn { get; set; }

    /// <summary>The offset of its numbers in a packet list, in which all connections of one pair of ports begin with 0.</summary>
    public uint Offset { get; set; }

    /// <summary>The number of its last segment, except RSTs.</summary>
    public SequenceNumber LastSequence { get; set; }

    /// <summary>Whether it sent payload, FIN or RST.</summary>
    public bool HasMoved { get; set; }

    public bool HasFin { get; set; }

    /// <summary>Whether its last payload is part of a message that continues.</summary>
    public bool IsInMessage { get; set; }

    public bool IsReset { get; set; }

    /// <summary>Its last timestamps.</summary>
    public (uint Value, uint Echo)? Timestamps { get; set; }

    /// <summary>Bytes of its frames that are not payload, if rows show both lengths; 0 if not.</summary>
    public int Overhead { get; set; }

    /// <summary>Whether a row after the SYN shows the overhead.</summary>
    public bool HasOverhead { get; set; }

    /// <summary>Whether a row with payload shows the overhead.</summary>
    public bool HasExactOverhead { get; set; }
}
