using System.Globalization;

namespace BrokenPipeTools.Capture;

/// <summary>The error if a capture cannot be read any further. The frames before <see cref="Offset"/> are valid.</summary>
public sealed class CaptureFormatException : IOException
{
    /// <summary>Makes the error. Its message contains all of these values.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="fault">The kind of the fault.</param>
    /// <param name="offset">The place of the fault, in bytes from the start of the file.</param>
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

    /// <summary>The name of the file.</summary>
    public string Name { get; }

    /// <summary>The kind of the fault.</summary>
    public CaptureFault Fault { get; }

    /// <summary>
    /// The offset of the record that could not be read, in bytes from the start of the file. If the file is compressed, the offset counts
    /// decompressed bytes.
    /// </summary>
    public long Offset { get; }

    /// <summary>The reason, in a few words.</summary>
    public string Reason { get; }
}
