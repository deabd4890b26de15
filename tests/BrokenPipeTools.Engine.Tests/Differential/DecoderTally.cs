namespace BrokenPipeTools.Tests.Differential;

/// <summary>The results of comparing many frames.</summary>
internal sealed class DecoderTally
{
    private const int ExamplesKept = 5;

    private readonly Dictionary<KnownDifference, int> _known = KnownDifference.All.ToDictionary(known => known, _ => 0);
    private readonly List<string> _unexplained = [];

    /// <summary>Segments that both decoders found.</summary>
    public int Compared { get; private set; }

    /// <summary>How many of these segments have equal fields in both decoders.</summary>
    public int Equal { get; private set; }

    /// <summary>Frames for which PacketDotNet threw an exception, including unknown link types.</summary>
    public int Thrown { get; private set; }

    public IReadOnlyDictionary<KnownDifference, int> Known => _known;

    /// <summary>Some of the frames that differ without a known reason.</summary>
    public IReadOnlyList<string> Unexplained => _unexplained;

    public void Add(FrameComparison frame, string label)
    {
        Compared += frame.BothHaveSegment ? 1 : 0;
        Thrown += frame.Peer.Thrown is null ? 0 : 1;
        if (frame.IsEqual)
            Equal++;
        else if ((frame.Ours is not null || frame.Theirs is not null) && !Explain(frame) && _unexplained.Count < ExamplesKept)
            _unexplained.Add($"{label}: {frame}");
    }

    private bool Explain(FrameComparison frame)
    {
        KnownDifference? known = KnownDifference.All.FirstOrDefault(known => known.Matches(frame));
        if (known is not null)
            _known[known]++;
        return known is not null;
    }

    public override string ToString() => $"{Compared} segments compared, {Equal} equal, {Thrown} frames thrown at\n"
        + string.Join('\n', _known.Select(known => $"{known.Value,7} {known.Key.Name}: {known.Key.Reason}"));
}
