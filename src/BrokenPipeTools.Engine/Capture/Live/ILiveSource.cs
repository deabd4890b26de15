using System.Diagnostics.CodeAnalysis;

namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Frames that are captured while they are read. Unlike a file, it may have no frame for a while. Time passes also then, and the read returns, so
/// that code can react to it.
/// </summary>
internal interface ILiveSource : ICaptureSource
{
    /// <summary>
    /// The time up to which every frame has been read, in nanoseconds since 1970-01-01T00:00:00Z; meant to be read after <see cref="LiveRead.Idle"/>.
    /// It is a little behind the clock, because a frame takes some time from the network card to here.
    /// </summary>
    long ReadUpTo { get; }

    /// <summary>Reads the next frame; waits for it at most about a tenth of a second.</summary>
    /// <exception cref="LiveCaptureException">The capture broke off, for example because the interface went away.</exception>
    LiveRead Read(out Frame frame);

    /// <summary>
    /// Ends the capture; may be called from any thread, and repeatedly. Frames captured before are still read; then the read returns <see cref="LiveRead.End"/>.
    /// </summary>
    [SuppressMessage("Naming", "CA1716", Justification = "Stop is what everybody calls it; Visual Basic can write [Stop].")]
    void Stop();
}
