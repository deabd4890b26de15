using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools;

/// <summary>Segments decoded together, and how the capture went on after them.</summary>
internal sealed class SegmentBatch(int capacity)
{
    private readonly Segment[] _segments = new Segment[capacity];
    private int _count;

    public ReadOnlySpan<Segment> Segments => _segments.AsSpan(0, _count);

    /// <summary>Frames read for it, those without TCP included.</summary>
    public int Frames { get; private set; }

    /// <summary>The capture ends with it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Why the capture ends with it, where that is not its end: damage, or a file that cannot be read on.</summary>
    public IOException? Fault { get; private set; }

    /// <summary>
    /// Nothing came from a live source for a while: the time (nanoseconds since 1970) up to which all of its frames have been read.
    /// Null otherwise.
    /// </summary>
    public long? QuietUntil { get; private set; }

    /// <summary>Decodes the next frames.</summary>
    public void Fill(ICaptureSource source, SegmentDecoder decoder)
    {
        _count = 0;
        Frames = 0;
        try
        {
            if (source is ILiveSource live)
            {
                FillLive(live, decoder);
                return;
            }

            while (Frames < _segments.Length)
            {
                if (!source.TryRead(out Frame frame))
                {
                    IsLast = true;
                    return;
                }

                Frames++;
                if (decoder.Decode(frame, out _segments[_count]) is DecodeOutcome.Segment or DecodeOutcome.QuotedSegment)
                    _count++;
            }
        }
        catch (IOException fault)
        {
            Fault = fault;
            IsLast = true;
        }
    }

    /// <summary>Decodes the next frame alone, and copies its first bytes.</summary>
    public void Fill(ICaptureSource source, SegmentDecoder decoder, FrameCopy copy)
    {
        _count = 0;
        Frames = 0;
        QuietUntil = null;
        try
        {
            LiveRead read = source is ILiveSource live ? live.Read(out Frame frame) : source.TryRead(out frame) ? LiveRead.Frame : LiveRead.End;
            if (read == LiveRead.Frame)
                copy.Take(frame);
            Take(read, frame, source, decoder);
        }
        catch (IOException fault)
        {
            Fault = fault;
            IsLast = true;
        }
    }

    /// <summary>One frame, so that nothing is kept waiting for the next; or the news that there is none.</summary>
    private void FillLive(ILiveSource source, SegmentDecoder decoder)
    {
        QuietUntil = null;
        LiveRead read = source.Read(out Frame frame);
        Take(read, frame, source, decoder);
    }

    private void Take(LiveRead read, in Frame frame, ICaptureSource source, SegmentDecoder decoder)
    {
        switch (read)
        {
            case LiveRead.Frame:
                Frames = 1;
                if (decoder.Decode(frame, out _segments[0]) is DecodeOutcome.Segment or DecodeOutcome.QuotedSegment)
                    _count = 1;
                break;
            case LiveRead.Idle:
                QuietUntil = ((ILiveSource)source).ReadUpTo;
                break;
            default:
                IsLast = true;
                break;
        }
    }
}
