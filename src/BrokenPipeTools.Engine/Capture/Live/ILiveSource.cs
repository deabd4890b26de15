using System.Diagnostics.CodeAnalysis;

namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Frames that are captured while they are read. Unlike a file, the source may have no frame for a while. The read then returns
/// <see cref="LiveRead.Idle"/>, so that the caller can react to the passing time.
/// </summary>
internal interface ILiveSource : ICaptureSource
{
    /// <summary>
    /// The time up to which all frames have been read, in nanoseconds since 1970-01-01T00:00:00Z. It is valid after <see cref="LiveRead.Idle"/>. It
    /// is slightly earlier than the clock, because a frame needs some time from the network card to the program.
    /// </summary>
    long ReadUpTo { get; }

    /// <summary>Reads the next frame. Waits for it for about a tenth of a second at most.</summary>
    /// <exception cref="LiveCaptureException">The capture broke off, for example because the interface went away.</exception>
    LiveRead Read(out Frame frame);

    /// <summary>
    /// Ends the capture. Any thread may call this, also repeatedly. Frames that were captured before are still returned; after them the read returns
    /// <see cref="LiveRead.End"/>.
    /// </summary>
    [SuppressMessage("Naming", "CA1716", Justification = "Stop is what everybody calls it; Visual Basic can write [Stop].")]
    void Stop();
}
