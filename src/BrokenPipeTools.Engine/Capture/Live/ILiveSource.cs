using System.Diagnostics.CodeAnalysis;

namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Frames that are captured while they are read. Unlike a file it has moments without a frame, in which time passes too:
/// code that waits for time to pass needs them.
/// </summary>
internal interface ILiveSource : ICaptureSource
{
    /// <summary>
    /// Nanoseconds since 1970-01-01T00:00:00Z up to which every frame has been read; meant to be asked after <see cref="LiveRead.Idle"/>.
    /// A little behind the clock, because a frame takes its time from the network card to here.
    /// </summary>
    long ReadUpTo { get; }

    /// <summary>The next frame; does not wait for one longer than about a tenth of a second.</summary>
    /// <exception cref="LiveCaptureException">The capture broke off, for example because the interface went away.</exception>
    LiveRead Read(out Frame frame);

    /// <summary>
    /// Ends the capture; may be called from any thread, and more than once. Frames captured before are still read; then comes
    /// <see cref="LiveRead.End"/>.
    /// </summary>
    [SuppressMessage("Naming", "CA1716", Justification = "Stop is what everybody calls it; Visual Basic can write [Stop].")]
    void Stop();
}
