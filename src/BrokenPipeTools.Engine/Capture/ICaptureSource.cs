namespace BrokenPipeTools.Capture;

/// <summary>The frames of a capture, in the order in which they were captured.</summary>
public interface ICaptureSource : IDisposable
{
    /// <summary>The name for messages: the path of the file, or "-" for standard input.</summary>
    string Name { get; }

    /// <summary>The number of bytes of the file that were read so far. For a compressed file these are compressed bytes.</summary>
    long Position { get; }

    /// <summary>The file's length in bytes; null if it is not known, as for a pipe.</summary>
    long? Length { get; }

    /// <summary>The number of frames that the capturing program lost; 0 if the capture does not record it.</summary>
    long DroppedFrames { get; }

    /// <summary>
    /// The numbers of the frames after which frames are missing. Frames are missing if something could not be read and the source continued after it.
    /// </summary>
    IReadOnlyList<long> LostAfter => [];

    /// <summary>The host names that are used in place of addresses; null if the capture has only addresses.</summary>
    HostNames? Names => null;

    /// <summary>Describes the parts of the capture that could not be read, if the source continued after them; null if there are none.</summary>
    string? Remarks => null;

    /// <summary>Reads the next frame. Returns false at the end of the capture.</summary>
    /// <exception cref="CaptureFormatException">The capture is cut short or damaged at this place. Nothing after it can be read.</exception>
    bool TryRead(out Frame frame);
}
