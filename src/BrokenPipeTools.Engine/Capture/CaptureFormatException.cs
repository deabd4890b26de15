using System.Globalization;

namespace BrokenPipeTools.Capture;

/// <summary>A capture that cannot be read any further. Frames before <see cref="Offset"/> are valid.</summary>
public sealed class CaptureFormatException : IOException
{
    /// <summary>Makes the error; all of these values are in the message.</summary>
    /// <param name="name">The file.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="reason">The reason, in a few words.</param>
    /// <param name="isDecompressed">True if the offset counts decompressed bytes.</param>
    public CaptureFormatException(string name, CaptureFault fault, long offset, string reason, bool isDecompressed = false)
        : base(string.Create(CultureInfo.InvariantCulture, $"{name}: {reason} (at byte offset {offset}{(isDecompressed ? " of the decompressed data" : "")})"))
    {
        Name = name;
        Fault = fault;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>The fault.</summary>
    public CaptureFault Fault { get; }

    /// <summary>The offset of the record that could not be read: bytes from the start, of the decompressed data if the file is compressed.</summary>
    public long Offset { get; }

    /// <summary>The reason, in a few words.</summary>
    public string Reason { get; }
}
