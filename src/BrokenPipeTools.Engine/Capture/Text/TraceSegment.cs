using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>A packet with the sequence numbers of its connection. A frame is made from it.</summary>
internal sealed class TraceSegment
{
    public required TracePacket Packet { get; init; }

    public TraceEndpoint Source { get; set; }

    public TraceEndpoint Destination { get; set; }

    public SequenceNumber Sequence { get; set; }

    public SequenceNumber Acknowledgment { get; set; }

    public byte Flags { get; set; }

    /// <summary>The window as it is in the header, not scaled.</summary>
    public int Window { get; set; }

    public int Length { get; set; }

    /// <summary>The first bytes of the payload, if the text shows them.</summary>
    public byte[] Head { get; set; } = [];

    public (uint Value, uint Echo)? Timestamps { get; set; }

    public SequenceRange? Sack { get; set; }

    /// <summary>Whether the numbers belong to the previous connection, which an unanswered SYN has replaced.</summary>
    public bool IsOfReplaced { get; set; }

    /// <summary>The segment that an ICMP error quotes; null if it is not an error.</summary>
    public TraceSegment? Quoted { get; set; }

    public FrameLacks Lacks { get; set; }
}
