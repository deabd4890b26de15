using System.Runtime.InteropServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>The state of one side of a connection in a plan.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RowSide
{
    /// <summary>The next sequence number, as the rows print it. It counts from 0 until <see cref="IsKnown"/> is true.</summary>
    public SequenceNumber Next;

    /// <summary>The number of the first placed row, once a number is known: the difference between the printed numbers and the count from 0.</summary>
    public int Start;

    /// <summary>Whether no row shows the ports of the side's connection.</summary>
    public bool IsPortless;

    /// <summary>Whether a number of this side was printed.</summary>
    public bool IsKnown;

    public bool HasSyn;

    /// <summary>Whether the SYN of the side's connection comes later, so that the side cannot have sent anything yet.</summary>
    public bool IsAwaited;

    public bool HasFin;

    public bool IsReset;

    /// <summary>Whether the side has sent payload, FIN or RST.</summary>
    public bool HasMoved;

    /// <summary>The placement of the last upper-layer row after the last printed number; null if there is none.</summary>
    public RowPlacement? Last;

    /// <summary>The number and the length of the last payload.</summary>
    public (SequenceNumber Sequence, int Length) Newest;

    /// <summary>Whether the last row may be padded to the shortest frame.</summary>
    public bool IsLastPadded;

    /// <summary>Whether segments before the last row are missing from the original capture.</summary>
    public bool IsLastAfterGap;

    /// <summary>Whether the side's last payload is part of a message that continues.</summary>
    public bool IsInMessage;

    /// <summary>Whether the last row may be only a FIN that completes a message.</summary>
    public bool MayLastEnd;
}
