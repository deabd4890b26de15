using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Output;

/// <summary>
/// Copies the packets of connections, and the ICMP errors that quote them, from their captures into one pcapng file. It reads each capture a second
/// time. The first packet of a connection and the frames that prove its cause get comments, which Wireshark shows.
/// </summary>
/// <param name="pseudonyms">The replacements of addresses and names; null if the packets are copied unchanged.</param>
internal sealed class CaptureExtract(Pseudonyms? pseudonyms)
{
    private readonly AnonymousFrame? _anonymous = pseudonyms is null ? null : new AnonymousFrame(pseudonyms);
    private readonly Dictionary<string, List<ExtractedConnection>> _byPath = [];
    private readonly List<CaptureProblem> _problems = [];

    /// <summary>Adds a connection. It needs some hundred bytes of memory; the caller limits the number of connections.</summary>
    public void Add(ConnectionClose record)
    {
        if (!_byPath.TryGetValue(record.Path, out List<ExtractedConnection>? list))
            _byPath[record.Path] = list = [];
        list.Add(new ExtractedConnection(new ExportedRecord(record, pseudonyms)));
    }

    /// <summary>
    /// Writes the packets. Returns the problems of the captures. If a capture has a problem, the packets before it are written, and the next capture
    /// is read.
    /// </summary>
    /// <param name="writer">Writes the file.</param>
    /// <param name="open">Opens a capture by the path in its records.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <exception cref="IOException">The packets cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public IReadOnlyList<CaptureProblem> WriteTo(PcapWriter writer, Func<string, ICaptureSource> open, CancellationToken cancellation = default)
    {
        foreach ((string path, List<ExtractedConnection> connections) in _byPath)
        {
            if (TryOpen(path, open) is not { } source)
                continue;
            WriteNames(writer, connections);
            using (source)
                Copy(source, path, new ExtractedFlows(connections), writer, cancellation);
            if (connections.FirstOrDefault(connection => connection.Found < connection.Packets) is { } missed && _problems.All(problem => problem.Path != path))
                _problems.Add(new CaptureProblem(CaptureProblemId.CaptureChanged, path, string.Create(CultureInfo.InvariantCulture, $"{path}: {missed.Found} of {missed.Packets} packets of the connection that begins with frame {missed.FirstFrame} were found again: the capture has changed, or it is one of a series")));
        }

        return _problems;
    }

    private ICaptureSource? TryOpen(string path, Func<string, ICaptureSource> open)
    {
        try
        {
            if (!RecordExport.CanReadAgain(path))
                throw new IOException($"it {RecordExport.CannotReadAgain}");
            return open(path);
        }
        catch (Exception e) when (e is not OperationCanceledException && CaptureProblem.From(e, path) is { } problem)
        {
            _problems.Add(problem);
            return null;
        }
    }

    private void Copy(ICaptureSource source, string path, ExtractedFlows flows, PcapWriter writer, CancellationToken cancellation)
    {
        Dictionary<(PcapngInterface? Original, int LinkType), int> interfaces = [];
        SegmentDecoder decoder = new();
        OrderedFrames frames = new(writer);
        while (TryRead(source, path, out Frame frame))
        {
            if ((frame.Number & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (flows.IsOfOthers(frame))
                continue;
            long fragments = decoder.Fragments;
            DecodeOutcome outcome = decoder.DecodeLayers(frame, out Segment segment, out ReadOnlySpan<byte> tcp);
            if (outcome == DecodeOutcome.FragmentHeld && _anonymous is null)
                frames.Hold(frame, decoder.FragmentedDatagram);
            bool isLastFragment = outcome != DecodeOutcome.FragmentHeld && decoder.Fragments != fragments;
            if (outcome is not (DecodeOutcome.Segment or DecodeOutcome.QuotedSegment) || flows.Find(segment) is not { } connection)
            {
                if (isLastFragment)
                    frames.Drop(decoder.FragmentedDatagram);
                continue;
            }

            Frame copy = _anonymous is null ? frame : _anonymous.Make(frame, segment, tcp);
            if (!interfaces.TryGetValue((frame.Interface, copy.LinkType), out int id))
                interfaces[(frame.Interface, copy.LinkType)] = id = AddInterface(writer, frame, copy.LinkType, path);
            frames.Write(copy, connection.CommentOn(frame.Number), id);
            if (isLastFragment)
                frames.Choose(decoder.FragmentedDatagram, id);
        }

        frames.Complete();
    }

    /// <summary>
    /// Writes the names of a text trace's hosts. They are written for one trace only, because the names of two traces would have the same addresses.
    /// </summary>
    private void WriteNames(PcapWriter writer, List<ExtractedConnection> connections)
    {
        if (pseudonyms is not null || _byPath.Count > 1)
            return;
        (byte[], string)[] names = [.. connections.SelectMany(connection => connection.Names).DistinctBy(pair => pair.Name)];
        if (names.Length > 0)
            writer.WriteNames(names);
    }

    /// <summary>Adds the interface of a frame, with its description in the capture.</summary>
    private int AddInterface(PcapWriter writer, in Frame frame, int linkType, string path) => writer.AddInterface(new PcapWriterInterface
    {
        LinkType = linkType,
        SnapLength = (int)Math.Min(frame.Interface?.SnapLength ?? 0, int.MaxValue),
        Name = pseudonyms is null && frame.Interface?.Name is { } name ? DisplayText.Of(name) : null,
        Description = $"from {DisplayText.Of(pseudonyms?.Capture(path) ?? path)}{Origin(frame)}",
    });

    private bool TryRead(ICaptureSource source, string path, out Frame frame)
    {
        try
        {
            return source.TryRead(out frame);
        }
        catch (Exception e) when (e is not OperationCanceledException && CaptureProblem.From(e, path) is { } problem)
        {
            _problems.Add(problem);
            frame = default;
            return false;
        }
    }

    private static string Origin(in Frame frame) => frame.Lacks == FrameLacks.None ? "" : " (made from a text trace: fields that the text lacks are 0)";
}
