using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// Reads a capture a second time, for data that a connection does not store: the time of the last frame of any kind, the options of SYNs, and the
/// segments that carried the first lost bytes.
/// </summary>
/// <param name="place">The connections of the capture. The data that are found are stored there.</param>
/// <param name="missing">The lost payload that was sent at this place, whose first segment is searched for.</param>
internal sealed class SecondReading(CapturedPlace place, IEnumerable<MissingPayload> missing)
{
    private readonly SegmentDecoder _decoder = new();

    /// <summary>Reads all files of the place. A file that cannot be read again, such as standard input, is skipped.</summary>
    public void Read(Func<string, ICaptureSource> open)
    {
        foreach (IGrouping<string, PlacedConnection> capture in place.Connections.Where(one => one.Record.Path != CaptureFile.StandardInput).GroupBy(one => one.Record.Path))
        {
            try
            {
                using ICaptureSource source = open(capture.Key);
                Read(capture, missing.Where(one => one.Connection.Record.Path == capture.Key).ToLookup(one => one.Connection.Record.Connection.Key), source);
            }
            catch (Exception e) when (e is not OperationCanceledException && CaptureProblem.From(e, capture.Key) is not null)
            {
                // The file was read before, and its problem was reported then. The data found up to here are used.
            }
        }
    }

    private void Read(IEnumerable<PlacedConnection> connections, ILookup<FlowKey, MissingPayload> lost, ICaptureSource source)
    {
        ILookup<long, PlacedConnection> handshakes = connections
            .SelectMany(one => one.HandshakeFrames.Select(frame => (Frame: frame, Connection: one))).ToLookup(one => one.Frame, one => one.Connection);
        while (source.TryRead(out Frame frame))
        {
            if (frame.Time != 0)
                place.Extend(frame.Time);
            if (lost.Count == 0 && !handshakes.Contains(frame.Number))
                continue;
            if (_decoder.DecodeLayers(frame, out Segment segment, out ReadOnlySpan<byte> tcp) != DecodeOutcome.Segment)
                continue;
            FlowKey key = FlowKey.Of(segment, out int sender);
            foreach (PlacedConnection one in handshakes[frame.Number].Where(one => one.Record.Connection.Key.Equals(key)))
                one.SetOptions(frame.Number, OptionsOf(tcp));
            foreach (MissingPayload one in lost[key])
            {
                if (segment.PayloadLength > 0)
                    one.Take(segment, sender);
            }
        }
    }

    /// <summary>
    /// Returns the options of a TCP header; null if they were not captured completely. RFC 9293, section 3.1: the data offset is the header's length
    /// in words of four bytes.
    /// </summary>
    private static byte[]? OptionsOf(ReadOnlySpan<byte> tcp)
    {
        const int Fixed = 20, OffsetAt = 12;
        if (tcp.Length < Fixed)
            return null;
        int length = (tcp[OffsetAt] >> 4) * 4;
        return length < Fixed || length > tcp.Length ? null : tcp[Fixed..length].ToArray();
    }
}
