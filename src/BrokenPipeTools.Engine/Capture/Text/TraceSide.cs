using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One side of a connection of a text.</summary>
internal sealed class TraceSide
{
    /// <summary>The numbers of the segments that it sent.</summary>
    public TraceNumbers Sent;

    /// <summary>The acknowledgment that it sent last; null for none.</summary>
    public SequenceNumber? Acknowledged { get; set; }

    /// <summary>The window of its last segment, as in the header.</summary>
    public int Window { get; set; } = -1;

    /// <summary>Shift count of its SYN's window scale option; <see cref="TracePacket.NoScale"/> if it is not known.</summary>
    public byte Scale { get; set; } = TracePacket.NoScale;

    public bool HasSyn { get; set; }

    /// <summary>The offset of its numbers if they are those of a packet list: all connections of one pair of ports begin with 0 there.</summary>
    public uint Offset { get; set; }

    /// <summary>The number of the segment that it sent last, RST left out.</summary>
    public SequenceNumber LastSequence { get; set; }

    /// <summary>It sent payload, FIN or RST.</summary>
    public bool HasMoved { get; set; }

    public bool HasFin { get; set; }

    /// <summary>Whether its last payload is part of a message that continues.</summary>
    public bool IsInMessage { get; set; }

    public bool IsReset { get; set; }

    /// <summary>The timestamps that it sent last.</summary>
    public (uint Value, uint Echo)? Timestamps { get; set; }

    /// <summary>Bytes of a frame of it that are not payload, if rows show both; 0 if not.</summary>
    public int Overhead { get; set; }

    /// <summary>A row behind the SYN shows it.</summary>
    public bool HasOverhead { get; set; }

    /// <summary>A row with payload shows it.</summary>
    public bool HasExactOverhead { get; set; }
}
