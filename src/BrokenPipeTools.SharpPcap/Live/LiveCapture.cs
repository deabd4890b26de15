using System.Runtime.InteropServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Primitives;
using SharpPcap;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// Captures packets on an interface, through libpcap or Npcap. Another thread than the one that opened the capture may read it. The capture stays in
/// the network namespace of the thread that opened it.
/// </summary>
internal sealed class LiveCapture : ILiveCapture, IBufferedSource
{
    /// <summary>The time without a frame after which the source reports that there is none.</summary>
    private const int IdleMilliseconds = 100;

    /// <summary>
    /// How long the kernel collects frames for a batch (Linux). Each batch uses a block of 256 KiB, even if it has few frames, so this also
    /// determines how long the buffer lasts without a reader: 128 blocks, six seconds.
    /// </summary>
    private const int BatchMilliseconds = 50;

    /// <summary>The number of frames between two readings of the kernel's counters, if frames come without a pause.</summary>
    private const long FramesPerCheck = 1024;

    private readonly LiveDevice _device;
    private readonly FrameWait _wait;
    private readonly DrainClock _drain;
    private readonly int _linkType;
    private readonly int _nanosecondsPerTick;
    private readonly int _slice;
    private byte[] _buffer = new byte[64 << 10];
    private NativePcap.Counters _counted;
    private long _frames;
    private bool _ended;

    private LiveCapture(LiveDevice device, LiveCaptureOptions options)
    {
        _device = device;
        Name = options.InterfaceName;
        Filter = options.Filter ?? "";
        SnapLength = options.SnapLength;
        _linkType = DataLink.ToLinkType((int)device.LinkType);
        _nanosecondsPerTick = device.TimestampResolution == TimestampResolution.Nanosecond ? 1 : (int)Nanoseconds.PerMicrosecond;
        _wait = new FrameWait(device);
        _slice = options.Immediate ? 10 : 50;
        _drain = new DrainClock(options.Duration, DrainClock.QuietFor(options.Immediate, BatchMilliseconds, _wait.LibraryWaits));
    }

    /// <summary>The name of the interface.</summary>
    public string Name { get; }

    /// <summary>The filter; empty for none.</summary>
    public string Filter { get; }

    /// <summary>The most bytes kept of each frame.</summary>
    public int SnapLength { get; }

    /// <summary>The LINKTYPE_ number of the frames.</summary>
    public int LinkType => _linkType;

    /// <summary>The number of bytes that were captured.</summary>
    public long Position { get; private set; }

    /// <summary>The number of bytes in the whole capture: not known until it has ended.</summary>
    public long? Length => null;

    /// <summary>
    /// The number of lost frames: they passed the filter, but the kernel's buffer or the network card had no room for them. It is updated several
    /// times a second while frames are read.
    /// </summary>
    public long DroppedFrames { get; private set; }

    public long ReadUpTo { get; private set; }

    /// <summary>The remaining time of <see cref="LiveCaptureOptions.Duration"/>; null if there is no duration.</summary>
    public TimeSpan? Remaining => _drain.Remaining;

    /// <summary>Begins to capture.</summary>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on.</exception>
    public static LiveCapture Open(LiveCaptureOptions options)
    {
        LiveDevice device = LiveDevice.Open(options, OperatingSystem.IsLinux() && !options.Immediate ? BatchMilliseconds : IdleMilliseconds);
        try
        {
            return new LiveCapture(device, options);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    public bool TryRead(out Frame frame)
    {
        LiveRead read;
        do
        {
            read = Read(out frame);
        }
        while (read == LiveRead.Idle);
        return read == LiveRead.Frame;
    }

    public LiveRead Read(out Frame frame)
    {
        frame = default;
        nint header = 0;
        nint data = 0;
        for (long from = Environment.TickCount64; !_ended;)
        {
            int found = _device.GetNextPacketPointers(ref header, ref data);
            if (found == 1)
            {
                if (Take(header, data, out frame))
                    return LiveRead.Frame;
                break; // the frame came after the end
            }

            if (found < 0)
                throw Broken(found);
            ReadUpTo = DrainClock.Now - (BatchMilliseconds * 2 * Nanoseconds.PerMillisecond);
            if (_drain.IsOver())
                break;
            if (Environment.TickCount64 - from >= IdleMilliseconds || _wait.LibraryWaits)
            {
                CountDrops();
                return LiveRead.Idle;
            }

            _wait.For(_drain.HasBegun ? DrainClock.Step : _slice);
        }

        End();
        return LiveRead.End;
    }

    public bool TryReadNow(out Frame frame)
    {
        frame = default;
        nint header = 0;
        nint data = 0;
        if (_ended || _drain.HasBegun || _wait.LibraryWaits)
            return false;
        int found = _device.GetNextPacketPointers(ref header, ref data);
        if (found < 0)
            throw Broken(found);
        return found == 1 && Take(header, data, out frame);
    }

    public void Stop() => _drain.Begin();

    /// <summary>Closes the handle itself. SharpPcap's Close would replace the handle by an invalid one, which a reader on another thread would use.</summary>
    public void Dispose() => _device.Handle.Dispose();

    /// <summary>Copies a frame. Returns false if it was captured after the end of the capture.</summary>
    private bool Take(nint header, nint data, out Frame frame)
    {
        FrameHeader h = FrameHeader.Read(header);
        long time = (h.Seconds * Nanoseconds.PerSecond) + (h.Fraction * _nanosecondsPerTick);
        frame = default;
        if (_drain.IsAfterEnd(time))
            return false;
        if (h.Captured > _buffer.Length)
            _buffer = new byte[Math.Max(h.Captured, _buffer.Length * 2)];
        Marshal.Copy(data, _buffer, 0, h.Captured);
        Position += h.Captured;
        if (++_frames % FramesPerCheck == 0)
            CountDrops();
        frame = new Frame
        {
            Number = _frames,
            Time = time,
            LinkType = _linkType,
            OriginalLength = h.Original,
            Data = _buffer.AsSpan(0, h.Captured),
        };
        return true;
    }

    private void End()
    {
        if (_ended)
            return;
        _ended = true;
        CountDrops();
    }

    /// <summary>Updates the number of dropped frames. The counters have 32 bits and overflow.</summary>
    private void CountDrops()
    {
        if (NativePcap.GetCounters(_device.Handle, out NativePcap.Counters now) != 0)
            return;
        DroppedFrames += unchecked(now.Dropped - _counted.Dropped) + unchecked(now.DroppedByInterface - _counted.DroppedByInterface);
        _counted = now;
    }

    private LiveCaptureException Broken(int status)
    {
        string text = _device.LastError;
        LiveCaptureException fault = LiveCaptureFaults.Other(Name, text.Length > 0 ? text : ((PcapError)status).ToString());
        End();
        return fault;
    }
}
