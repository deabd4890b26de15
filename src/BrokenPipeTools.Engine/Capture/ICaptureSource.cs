namespace BrokenPipeTools.Capture;

/// <summary>Frames in the order they were captured.</summary>
public interface ICaptureSource : IDisposable
{
    /// <summary>The file, or "-" for standard input, as named in messages.</summary>
    string Name { get; }

    /// <summary>Bytes of the file consumed so far (of the compressed file if it is compressed).</summary>
    long Position { get; }

    /// <summary>The file's length in bytes; null if it cannot be known (a pipe).</summary>
    long? Length { get; }

    /// <summary>Frames that the capturing program lost, if the capture records that.</summary>
    long DroppedFrames { get; }

    /// <summary>The numbers of the frames after which frames are missing, because something could not be read and the source continued after it.</summary>
    IReadOnlyList<long> LostAfter => [];

    /// <summary>Names that are used in place of addresses; null if the capture has only addresses.</summary>
    HostNames? Names => null;

    /// <summary>Describes the part of the capture that could not be read although it was read to its end; null for none.</summary>
    string? Remarks => null;

    /// <summary>Reads the next frame. Returns false at the end of the capture.</summary>
    /// <exception cref="CaptureFormatException">The capture is cut short or damaged here; nothing can be read after it.</exception>
    bool TryRead(out Frame frame);
}
