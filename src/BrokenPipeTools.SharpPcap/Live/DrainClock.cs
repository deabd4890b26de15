using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// Decides when a capture is complete. It ends at a given moment, but continues until no frame can be left that was captured before
/// that moment: until one comes that was captured after it, or nothing has come for a while.
/// </summary>
internal sealed class DrainClock
{
    /// <summary>Milliseconds between two checks for remaining frames.</summary>
    public const int Step = 5;

    /// <summary>Frames of several processors are not in perfect order, and Npcap's clock is one of its own.</summary>
    private static readonly long Slack = (OperatingSystem.IsWindows() ? 1000 : 10) * Nanoseconds.PerMillisecond;

    private readonly int _quiet;
    private long _end = long.MaxValue; // nanoseconds since 1970; written by any thread
    private long _quietSince = -1;

    /// <param name="duration">When it ends by itself, counted from now; null for never.</param>
    /// <param name="quiet">Milliseconds without a frame after which none can be left.</param>
    public DrainClock(TimeSpan? duration, int quiet)
    {
        _quiet = quiet;
        if (duration is { } span)
            _end = Now + Math.Clamp(Nanoseconds.From(span), 0, long.MaxValue / 2);
        HasDuration = duration is not null;
    }

    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public static long Now => Nanoseconds.Since1970(DateTime.UtcNow);

    public bool HasBegun => Now >= Interlocked.Read(ref _end);

    public TimeSpan? Remaining => HasDuration ? TimeSpan.FromMilliseconds(Math.Max(0, (Interlocked.Read(ref _end) - Now) / Nanoseconds.PerMillisecond)) : null;

    private bool HasDuration { get; }

    /// <summary>
    /// A frame is in the kernel's buffer when the system call that sent it returns, unless the kernel was too busy and does that
    /// a little later. A packed buffer (Linux, not immediate) shows its frames when its batch is over, or as much later as a timer may be.
    /// A library that waits has waited for as long as it gathers frames.
    /// </summary>
    public static int QuietFor(bool immediate, int batch, bool libraryWaits) => libraryWaits ? 0 : immediate ? 20 : batch + 100;

    /// <summary>The capture ends now, if it did not before.</summary>
    public void Begin()
    {
        long now = Now;
        long end = Interlocked.Read(ref _end);
        while (now < end)
        {
            long seen = Interlocked.CompareExchange(ref _end, now, end);
            if (seen == end)
                return;
            end = seen;
        }
    }

    /// <summary>A frame was captured when the capture was over.</summary>
    public bool IsAfterEnd(long time)
    {
        _quietSince = -1;
        return time - Slack > Interlocked.Read(ref _end);
    }

    /// <summary>Called when there is no frame. Returns true if the end is reached and no frame can follow.</summary>
    public bool IsOver()
    {
        if (!HasBegun)
            return false;
        long now = Environment.TickCount64;
        if (_quietSince < 0)
            _quietSince = now;
        return now - _quietSince >= _quiet;
    }
}
