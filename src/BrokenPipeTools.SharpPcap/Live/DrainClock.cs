using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// Decides when a capture is complete. After its end time the capture continues until no frame from before that time can be left: a frame from after
/// that time has come, or no frame has come for a while.
/// </summary>
internal sealed class DrainClock
{
    /// <summary>Milliseconds between two checks for remaining frames.</summary>
    public const int Step = 5;

    /// <summary>
    /// Nanoseconds by which frames may be out of order. Frames of several processors are slightly out of order, and Npcap has its own clock.
    /// </summary>
    private static readonly long Slack = (OperatingSystem.IsWindows() ? 1000 : 10) * Nanoseconds.PerMillisecond;

    private readonly int _quiet;
    private long _end = long.MaxValue; // nanoseconds since 1970; written by any thread
    private long _quietSince = -1;

    /// <param name="duration">The time from now after which the capture ends by itself; null if it does not.</param>
    /// <param name="quiet">Milliseconds without a frame after which no frame can be left.</param>
    public DrainClock(TimeSpan? duration, int quiet)
    {
        _quiet = quiet;
        if (duration is { } span)
            _end = Now + Math.Clamp(Nanoseconds.From(span), 0, long.MaxValue / 2);
        HasDuration = duration is not null;
    }

    /// <summary>The current time in nanoseconds since 1970-01-01T00:00:00Z.</summary>
    public static long Now => Nanoseconds.Since1970(DateTime.UtcNow);

    public bool HasBegun => Now >= Interlocked.Read(ref _end);

    public TimeSpan? Remaining => HasDuration ? TimeSpan.FromMilliseconds(Math.Max(0, (Interlocked.Read(ref _end) - Now) / Nanoseconds.PerMillisecond)) : null;

    private bool HasDuration { get; }

    /// <summary>
    /// Returns how long no frame must have come. A frame is in the kernel's buffer when the system call that sent it returns, or a little later if
    /// the kernel was busy. In a packed buffer (Linux, not in immediate mode) frames become visible when their batch ends, plus the delay of a timer.
    /// If the library itself waits, it has already waited for as long as it collects frames.
    /// </summary>
    public static int QuietFor(bool immediate, int batch, bool libraryWaits) => libraryWaits ? 0 : immediate ? 20 : batch + 100;

    /// <summary>Ends the capture now, unless it has ended before.</summary>
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

    /// <summary>Returns whether a frame was captured after the end of the capture.</summary>
    public bool IsAfterEnd(long time)
    {
        _quietSince = -1;
        return time - Slack > Interlocked.Read(ref _end);
    }

    /// <summary>Returns whether the end time is reached and no frame can follow. Call it when there is no frame.</summary>
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
