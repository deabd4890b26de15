using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>
/// How much time has passed in a capture, in nanoseconds. It only grows, and only by plausible steps: a frame with a
/// damaged time does not move it, and a host whose clock is set while it captures does not stop it.
/// </summary>
internal struct CaptureClock
{
    /// <summary>Frames of several interfaces or processors are out of order by less than this.</summary>
    private const long LongestStepBack = 60 * Nanoseconds.PerSecond;

    /// <summary>A longer silence in one capture is rarer than a wrong time.</summary>
    private const long LongestStepForward = 86_400 * Nanoseconds.PerSecond;

    /// <summary>If this number of consecutive frames agree on another time, the clock was set.</summary>
    private const int Agreement = 3;

    /// <summary>Further from every time than an ordinary step.</summary>
    private const long Never = long.MinValue / 2;

    private long _newest = Never;
    private long _other;
    private int _agreeing;

    /// <summary>A clock that begins with the first frame.</summary>
    public CaptureClock()
    {
    }

    /// <summary>The newest plausible time, in nanoseconds since 1970.</summary>
    public readonly long Now => _newest;

    /// <summary>The time that has passed since the first frame; the steps of a clock that was set are not in it.</summary>
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
