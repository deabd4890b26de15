using BrokenPipeTools.Capture;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>One frame, decoded by this project's decoder and by PacketDotNet.</summary>
internal sealed class FrameComparison
{
    private FrameComparison(DecodeOutcome outcome, PeerReading peer)
    {
        Outcome = outcome;
        Peer = peer;
    }

    public DecodeOutcome Outcome { get; }

    public PeerReading Peer { get; }

    /// <summary>The segment of this project's decoder; null if the frame has none.</summary>
    public SegmentFields? Ours { get; private init; }

    /// <summary>PacketDotNet's segment; null if it found none.</summary>
    public PeerSegment? Theirs { get; private init; }

    /// <summary>The names of the fields that differ, if both have a segment.</summary>
    public IReadOnlyList<string> Differences { get; private init; } = [];

    public bool BothHaveSegment => Ours is not null && Theirs is not null;

    public bool OnlyOurs => Ours is not null && Theirs is null;

    public bool OnlyTheirs => Ours is null && Theirs is not null;

    public bool IsEqual => BothHaveSegment && Differences.Count == 0;

    /// <summary>Decodes a frame with both. It must be the next frame of its capture, because <paramref name="decoder"/> reassembles fragments.</summary>
    public static FrameComparison Of(SegmentDecoder decoder, byte[] data, int linkType, int originalLength)
    {
        Frame frame = new() { Number = 1, Time = 0, LinkType = linkType, OriginalLength = originalLength, Data = data };
        DecodeOutcome outcome = decoder.Decode(frame, out Segment segment);
        PeerReading peer = PeerReading.Of(data, linkType);
        PeerSegment? theirs = peer.Tcp is { } tcp ? new PeerSegment(tcp, peer.Ip[^1], data.Length, Math.Max(originalLength, data.Length)) : null;
        SegmentFields? ours = outcome == DecodeOutcome.Segment ? SegmentFields.Of(segment, theirs is { HasOptions: true }) : null;
        return new FrameComparison(outcome, peer)
        {
            Ours = ours,
            Theirs = theirs,
            Differences = ours is null || theirs is null ? [] : [.. ours.Differences(SegmentFields.Of(theirs, ours))],
        };
    }

    public override string ToString() => $"ours: {Outcome} {Ours}; PacketDotNet: {Peer}; different: {string.Join(", ", Differences)}";
}
