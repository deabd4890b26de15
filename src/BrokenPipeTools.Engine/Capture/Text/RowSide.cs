using System.Runtime.InteropServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>The state of one side of a connection in a plan.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RowSide
{
    /// <summary>The next sequence number, as rows print it; it counts from 0 until <see cref="IsKnown"/>.</summary>
    public SequenceNumber Next;

    /// <summary>Once a number is known, the number of the first row that was placed: the difference from the count that began at 0.</summary>
    public int Start;

    /// <summary>Whether no row shows the ports of its connection.</summary>
    public bool IsPortless;

    /// <summary>Whether a number of this side was printed.</summary>
    public bool IsKnown;

    public bool HasSyn;

    /// <summary>Whether the SYN of its connection comes later, so that it cannot have sent anything yet.</summary>
    public bool IsAwaited;

    public bool HasFin;

    public bool IsReset;

    /// <summary>Whether it sent payload, FIN or RST.</summary>
    public bool HasMoved;

    /// <summary>The row of an upper layer that was placed after the last printed number; null for none.</summary>
    public RowPlacement? Last;

    /// <summary>The number and the length of the last payload.</summary>
    public (SequenceNumber Sequence, int Length) Newest;

    /// <summary>Whether the last row may be padded to the shortest frame.</summary>
    public bool IsLastPadded;

    /// <summary>Whether the capture itself lacks segments before the last row.</summary>
    public bool IsLastAfterGap;

    /// <summary>Whether its last payload is part of a message that continues.</summary>
    public bool IsInMessage;

    /// <summary>Whether the last row may be only a FIN that completes a message.</summary>
    public bool MayLastEnd;
}
