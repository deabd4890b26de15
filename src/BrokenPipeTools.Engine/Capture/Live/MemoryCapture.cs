using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Capture.Live;

/// <summary>Keeps the packets of an interface in memory, as a pcapng capture. If packets cannot be captured, <see cref="Problem"/> has the reason.</summary>
internal sealed class MemoryCapture : IDisposable
{
    /// <summary>The most bytes that are kept. No scenario or probe needs as many; other traffic on the same port may.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly ILiveCapture? _live;
    private readonly MemoryStream _bytes = new();
    private readonly Task? _reading;

    private MemoryCapture(string problem) => Problem = problem;

    private MemoryCapture(ILiveCapture live, string comment)
    {
        _live = live;
        _reading = Task.Factory.StartNew(() => Read(live, comment), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The reason why there are no packets, or not all of them; null if all were captured.</summary>
    public string? Problem { get; private set; }

    /// <summary>Begins a capture.</summary>
    /// <param name="open">Opens the capture.</param>
    /// <param name="comment">The comment in the capture's section header.</param>
    public static MemoryCapture Begin(Func<ILiveCapture> open, string comment)
    {
        try
        {
            return new MemoryCapture(open(), comment);
        }
        catch (LiveCaptureException e)
        {
            return new MemoryCapture(e.Message);
        }
    }

    /// <summary>Ends the capture. Returns all its packets as a pcapng capture; null if none could be captured.</summary>
    public byte[]? End()
    {
        if (_live is null || _reading is null)
            return null;
        _live.Stop();
        _reading.Wait();
        return Problem is null ? _bytes.ToArray() : null;
    }

    public void Dispose()
    {
        _live?.Stop();
        _reading?.Wait();
        _live?.Dispose();
        _bytes.Dispose();
    }

    private void Read(ILiveCapture live, string comment)
    {
        try
        {
            using PcapWriter writer = new(_bytes, comment, leaveOpen: true);
            writer.AddInterface(new PcapWriterInterface { Name = live.Name, LinkType = live.LinkType, SnapLength = live.SnapLength, Filter = live.Filter });
            while (live.TryRead(out Frame frame) && _bytes.Length < MaxBytes)
                writer.Write(frame);
            if (live.DroppedFrames > 0)
                Problem = $"the kernel's buffer was full and {live.DroppedFrames} frames were dropped";
        }
        catch (LiveCaptureException e)
        {
            Problem = e.Message;
        }
    }
}
