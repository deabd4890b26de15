namespace BrokenPipeTools.Capture.Text;

/// <summary>The state of a connection in a text trace that is needed to read its next line.</summary>
internal sealed class TraceFlow(TraceFlowKey key)
{
    /// <summary>The distance between the numbers of consecutive connections with the same ports, if the text prints all of them from 0.</summary>
    public const uint InstanceStep = 0x1000_0000;

    public TraceFlowKey Key { get; } = key;

    public TraceSide Side0 { get; private set; } = new();

    public TraceSide Side1 { get; private set; } = new();

    public TraceNumbering Numbering { get; set; }

    /// <summary>The end that sent the newest packet.</summary>
    public int LastSender { get; set; }

    /// <summary>Whether no initial number is known. The numbers of this connection are then relative.</summary>
    public bool IsRelative { get; set; }

    /// <summary>The sides of the connection that a SYN has replaced. tcpdump counts from their numbers until a SYN-ACK answers the SYN.</summary>
    public (TraceSide Side0, TraceSide Side1)? Replaced { get; set; }

    /// <summary>The number that the newest packet of this connection has in the text.</summary>
    public long Newest { get; set; }

    /// <summary>The protocol of its upper-layer rows; null before the first one.</summary>
    public string? Protocol { get; set; }

    /// <summary>Whether both ends have closed the connection.</summary>
    public bool IsClosed => Side0.IsReset || Side1.IsReset || (Side0.HasFin && Side1.HasFin);

    public TraceSide Side(int end) => end == 0 ? Side0 : Side1;

    /// <summary>Begins another connection between the same ports.</summary>
    public void Restart()
    {
        Replaced = (Side0, Side1);
        Protocol = null;
        Side0 = new TraceSide { Offset = Side0.Offset + InstanceStep };
        Side1 = new TraceSide { Offset = Side1.Offset + InstanceStep };
    }
}
