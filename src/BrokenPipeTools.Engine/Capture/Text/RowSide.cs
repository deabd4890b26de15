using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One side of a connection, as a plan for its rows counts it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RowSide
{
    /// <summary>The next sequence number, as rows print it; until <see cref="IsKnown"/> counted from 0.</summary>
    public uint Next;

    /// <summary>The number of its first row that was placed, once a number is known.</summary>
    public uint Start;

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
    public (uint Sequence, int Length) Newest;

    /// <summary>The last row may be padded to the shortest frame.</summary>
    public bool IsLastPadded;

    /// <summary>Segments before the last row are missing in the capture itself.</summary>
    public bool IsLastAfterGap;

    /// <summary>Its last payload is a part of a message that goes on.</summary>
    public bool IsInMessage;

    /// <summary>The last row may be only a FIN that completes a message.</summary>
    public bool MayLastEnd;
}

/// <summary>Where a plan has put a row.</summary>
/// <param name="Before">The placement before it.</param>
/// <param name="Event">Which row.</param>
/// <param name="Side">Which side of which connection: twice the connection, and the end.</param>
/// <param name="Sequence">Its number, counted as <see cref="RowSide.Next"/> is.</param>
/// <param name="IsFromStart">The number counts from a start that was not known.</param>
/// <param name="Length">Payload bytes; -1 if nothing has shown them yet.</param>
/// <param name="HasFin">Whether it ends its side.</param>
/// <param name="Received">The other side's next number then.</param>
/// <param name="IsReceivedFromStart">That number counts from a start that was not known.</param>
internal sealed record RowPlacement(RowPlacement? Before, int Event, int Side, uint Sequence, bool IsFromStart, int Length, bool HasFin, uint Received, bool IsReceivedFromStart);
