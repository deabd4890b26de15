using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// Finds the segments that carried the first bytes that were lost, in a second pass over the captures at their senders' places: a connection
/// remembers no segment of ordinary payload.
/// </summary>
internal static class FirstLostSegments
{
    /// <summary>Sets <see cref="MissingPayload.First"/>. A capture that cannot be read again leaves it as it is.</summary>
    public static void Find(IEnumerable<MissingPayload> missing, Func<string, ICaptureSource> open)
    {
        foreach (IGrouping<string, MissingPayload> capture in missing.Where(one => one.Record.Path != CaptureFile.StandardInput).GroupBy(one => one.Record.Path))
        {
            try
            {
                using ICaptureSource source = open(capture.Key);
                Find(capture.ToLookup(one => one.Record.Connection.Key), source);
            }
            catch (Exception e) when (CaptureProblem.From(e, capture.Key) is not null)
            {
                // It was read before: what was found until here counts.
            }
        }
    }

    private static void Find(ILookup<FlowKey, MissingPayload> missing, ICaptureSource source)
    {
        SegmentDecoder decoder = new();
        int left = missing.Sum(one => one.Count());
        while (left > 0 && source.TryRead(out Frame frame))
        {
            if (decoder.DecodeLayers(frame, out Segment segment) != DecodeOutcome.Segment || segment.PayloadLength == 0)
                continue;
            FlowKey key = FlowKey.Of(segment, out int sender);
            foreach (MissingPayload one in missing[key])
            {
                if (one.First is not null || !one.Has(segment, sender))
                    continue;
                one.First = (segment.Frame, segment.Time);
                left--;
            }
        }
    }
}

/// <summary>Payload at the end of what a side sent that the capture at the other place does not have.</summary>
/// <param name="record">The connection at the sender's place.</param>
/// <param name="end">The end that sent it.</param>
/// <param name="number">The first sequence number that is missing.</param>
/// <param name="bytes">Payload bytes.</param>
internal sealed class MissingPayload(ConnectionClose record, int end, uint number, long bytes)
{
    public ConnectionClose Record => record;

    public long Bytes => bytes;

    /// <summary>The first sequence number that is missing, as the sender's place has it.</summary>
    public uint Number => number;

    /// <summary>Frame and time, in nanoseconds since 1970, of the first segment that carried it; null if it was not found.</summary>
    public (long Frame, long Time)? First { get; set; }

    /// <summary>Whether a segment of these endpoints carries the first missing byte, or those after it.</summary>
    public bool Has(in Segment s, int sender) =>
        sender == end && s.Frame >= record.FirstFrame && s.Frame <= record.LastFrame && SequenceNumber.IsAfter(s.EndSequence, number);
}
