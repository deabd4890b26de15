using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>The segments of a capture up to its end or its first damage. They are found without the analyzer.</summary>
internal sealed class CapturedFrames
{
    private readonly Dictionary<FlowKey, List<CapturedSegment>> _byFlow = [];

    public CapturedFrames(byte[] capture)
        : this(() => CaptureFile.Open(new MemoryStream(capture), "capture"))
    {
    }

    public CapturedFrames(Func<ICaptureSource> open)
    {
        SegmentDecoder decoder = new();
        try
        {
            using ICaptureSource source = open();
            while (source.TryRead(out Frame frame))
            {
                if (decoder.Decode(frame, out Segment s) is DecodeOutcome.Segment or DecodeOutcome.QuotedSegment)
                    Add(s, FirstByte(frame, s));
            }
        }
        catch (CaptureFormatException)
        {
            // frames after the damage are not in the records either
        }
    }

    /// <summary>The frames of one connection.</summary>
    public ConnectionFrames Of(ConnectionClose record)
    {
        List<CapturedSegment> all = _byFlow.GetValueOrDefault(record.Connection.Key) ?? [];
        return new ConnectionFrames(record, [.. all.Where(s => s.Segment.Frame >= record.FirstFrame && (s.Segment.IsQuoted || s.Segment.Frame <= record.LastFrame))]);
    }

    private void Add(in Segment s, byte first)
    {
        FlowKey key = FlowKey.Of(s, out int sender);
        if (!_byFlow.TryGetValue(key, out List<CapturedSegment>? list))
            _byFlow[key] = list = [];
        list.Add(new CapturedSegment(s, sender, first));
    }

    /// <summary>Returns the first byte of the payload of a frame, if the packet ends with that payload; 0 if the byte was not captured.</summary>
    private static byte FirstByte(in Frame frame, in Segment s)
    {
        int at = frame.OriginalLength - s.PayloadLength;
        return s.PayloadLength > 0 && at >= 0 && at < frame.Data.Length ? frame.Data[at] : (byte)0;
    }
}

/// <summary>A segment, or a segment that an ICMP error quotes. <paramref name="Sender"/> is the end of its flow key.</summary>
internal readonly record struct CapturedSegment(Segment Segment, int Sender, byte FirstPayloadByte)
{
    private const byte TlsAlert = 21;
    private const byte TlsApplicationData = 23;

    /// <summary>The length of an encrypted alert of TLS 1.3: header, two bytes, content type and tag.</summary>
    private const int ShortestRecord = 24;

    public bool Has(TcpFlags flags) => Segment.Has(flags);

    /// <summary>Whether the payload is one TLS record that may be a closure alert: an alert, or a record that is as short as an encrypted alert.</summary>
    public bool IsTlsClosureAlert => FirstPayloadByte == TlsAlert || (FirstPayloadByte == TlsApplicationData && Segment.PayloadLength <= ShortestRecord);
}
