using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>A batch of decoded segments, and the state of the capture after them.</summary>
/// <param name="capacity">Frames that it can hold.</param>
/// <param name="decoder">Makes segments of frames.</param>
/// <param name="flows">Finds the flow of each segment.</param>
/// <param name="choice">Leaves out segments that are not wanted; null if all are.</param>
internal sealed class SegmentBatch(int capacity, SegmentDecoder decoder, SegmentFlows flows, PacketChoice? choice)
{
    private readonly Segment[] _segments = new Segment[capacity];
    private readonly SegmentFlow[] _flows = new SegmentFlow[capacity];
    private int _count;

    public ReadOnlySpan<Segment> Segments => _segments.AsSpan(0, _count);

    /// <summary>The flow of each segment.</summary>
    public ReadOnlySpan<SegmentFlow> Flows => _flows.AsSpan(0, _count);

    /// <summary>Frames read for the batch, including those without TCP.</summary>
    public int Frames { get; private set; }

    /// <summary>Whether it holds as many frames as it can, so that more may be available.</summary>
    public bool IsFull => Frames == _segments.Length;

    /// <summary>Whether the capture ends with this batch.</summary>
    public bool IsLast { get; private set; }

    /// <summary>The reason if the capture ends before its end: damage, or a read error. Null otherwise.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>
    /// The time (nanoseconds since 1970) up to which all frames of a live source have been read, if no frame came for a while. Null otherwise.
    /// </summary>
    public long? QuietUntil { get; private set; }

    /// <summary>Whether the capturing program had lost frames when the batch was read.</summary>
    public bool IsAfterDrops { get; private set; }

    /// <summary>
    /// A copy of <see cref="ICaptureSource.LostAfter"/> from the time when the batch was read; on the other thread, the source may have read more
    /// since.
    /// </summary>
    public IReadOnlyList<long> LostAfter { get; private set; } = [];

    /// <summary>Decodes the next frames.</summary>
    public void Fill(ICaptureSource source)
    {
        _count = 0;
        Frames = 0;
        try
        {
            if (source is ILiveSource live)
            {
                FillLive(live);
                return;
            }

            if (source.Length is null)
                FillFromPipe(source);
            else
                FillFromFile(source);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Fault = fault;
            IsLast = true;
        }
        finally
        {
            NoteLosses(source);
        }
    }

    private void NoteLosses(ICaptureSource source)
    {
        IsAfterDrops = source.DroppedFrames > 0;
        LostAfter = source.LostAfter;
    }

    /// <summary>Decodes the next frame alone, and copies its first bytes.</summary>
    public void Fill(ICaptureSource source, FrameCopy copy)
    {
        _count = 0;
        Frames = 0;
        QuietUntil = null;
        try
        {
            LiveRead read = source is ILiveSource live ? live.Read(out Frame frame) : source.TryRead(out frame) ? LiveRead.Frame : LiveRead.End;
            if (read != LiveRead.Frame)
            {
                Note(read, source);
                return;
            }

            copy.Take(frame);
            Add(frame);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Fault = fault;
            IsLast = true;
        }
        finally
        {
            NoteLosses(source);
        }
    }

    private void FillFromFile(ICaptureSource source)
    {
        while (Frames < _segments.Length)
        {
            if (!source.TryRead(out Frame frame))
            {
                IsLast = true;
                return;
            }

            Add(frame);
        }
    }

    /// <summary>Waits for one frame, and takes the frames that are already there with it, without waiting for others.</summary>
    private void FillFromPipe(ICaptureSource source)
    {
        IsLast = !source.TryRead(out Frame frame);
        if (!IsLast)
            AddAll(frame, source);
    }

    /// <summary>Fills the batch from a live source; notes that no frame is available if it has none now.</summary>
    private void FillLive(ILiveSource source)
    {
        QuietUntil = null;
        LiveRead read = source.Read(out Frame frame);
        if (read == LiveRead.Frame)
            AddAll(frame, source);
        else
            Note(read, source);
    }

    private void AddAll(Frame first, ICaptureSource source)
    {
        Frame frame = first;
        do
            Add(frame);
        while (Frames < _segments.Length && source is IBufferedSource buffered && buffered.TryReadNow(out frame));
    }

    private void Add(in Frame frame)
    {
        Frames++;
        if (choice is not null && choice.LeavesOut(frame))
            return;
        ref Segment segment = ref _segments[_count];
        DecodeOutcome outcome = decoder.Decode(frame, out segment);
        if (outcome == DecodeOutcome.FragmentHeld)
            choice?.KeepFragment(frame);
        if (outcome is not (DecodeOutcome.Segment or DecodeOutcome.QuotedSegment) || (choice is not null && !choice.Takes(segment, frame)))
            return;
        _flows[_count] = flows.Next(segment);
        _count++;
    }

    /// <summary>Notes that no frame came.</summary>
    private void Note(LiveRead read, ICaptureSource source)
    {
        if (read == LiveRead.Idle)
            QuietUntil = ((ILiveSource)source).ReadUpTo;
        else
            IsLast = true;
    }
}
