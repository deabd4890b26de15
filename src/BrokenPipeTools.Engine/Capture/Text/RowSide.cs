using System.Runtime.InteropServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One side of a connection, as a plan for its rows counts it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RowSide
{
    /// <summary>The next sequence number, as rows print it; until <see cref="IsKnown"/> counted from 0.</summary>
    public SequenceNumber Next;

    /// <summary>The number of its first row that was placed, once a number is known: the distance from the 0 that it was counted from.</summary>
    public int Start;

    /// <summary>No row shows the ports of its connection.</summary>
    public bool IsPortless;

    /// <summary>A number of this side was shown.</summary>
    public bool IsKnown;

    public bool HasSyn;

    /// <summary>The SYN of its connection comes later: it cannot have sent anything yet.</summary>
    public bool IsAwaited;

    public bool HasFin;

    public bool IsReset;

    /// <summary>It sent payload, FIN or RST.</summary>
    public bool HasMoved;

    /// <summary>The row of an upper layer that was placed since a number was shown last; null for none.</summary>
    public RowPlacement? Last;

    /// <summary>The number and the length of the payload that it sent last.</summary>
    public (SequenceNumber Sequence, int Length) Newest;

    /// <summary>The last row may be padded to the shortest frame.</summary>
    public bool IsLastPadded;

    /// <summary>Segments before the last row are missing in the capture itself.</summary>
    public bool IsLastAfterGap;

    /// <summary>Whether its last payload is part of a message that continues.</summary>
    public bool IsInMessage;

    /// <summary>The last row may be only a FIN that completes a message.</summary>
    public bool MayLastEnd;
}
