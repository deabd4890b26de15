using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Measures the time that has passed in a capture, in nanoseconds. It never goes back, and grows only by plausible steps: a frame with a damaged time
/// does not change it, and if the host's clock is set during the capture, it continues to grow.
/// </summary>
internal struct CaptureClock
{
    /// <summary>Frames of several interfaces or processors are out of order by at most this.</summary>
    private const long LongestStepBack = 60 * Nanoseconds.PerSecond;

    /// <summary>A longer step is more likely a wrong time than a silence in the capture.</summary>
    private const long LongestStepForward = 86_400 * Nanoseconds.PerSecond;

    /// <summary>If so many consecutive frames agree on another time, the clock was set.</summary>
    private const int Agreement = 3;

    /// <summary>A time that is so far away that no plausible step reaches it.</summary>
    private const long Never = long.MinValue / 2;

    private long _newest = Never;
    private long _other;
    private int _agreeing;

    /// <summary>Makes a clock that begins with the first frame.</summary>
    public CaptureClock()
    {
    }

    /// <summary>The newest plausible time, in nanoseconds since 1970.</summary>
    public readonly long Now => _newest;

    /// <summary>The time that has passed since the first frame, without the steps of a clock that was set.</summary>
    public long Elapsed { get; private set; }

    /// <summary>Adds the time of the next frame.</summary>
    /// <param name="time">Nanoseconds since 1970, from 0 up.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Observe(long time)
    {
        long step = time - _newest;
        if (!IsOrdinary(step))
        {
            ObserveJump(time);
            return;
        }

        _agreeing = 0;
        if (step <= 0)
            return;
        _newest = time;
        Elapsed += step;
    }

    private static bool IsOrdinary(long step) => (ulong)(step + LongestStepBack) <= (ulong)(LongestStepBack + LongestStepForward);

    private void ObserveJump(long time)
    {
        _agreeing = _agreeing > 0 && IsOrdinary(time - _other) ? _agreeing + 1 : 1;
        _other = time;
        if (_agreeing < Agreement && _newest != Never)
            return;
        _newest = time;
        _agreeing = 0;
    }
}
