using System.Globalization;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>The bytes of a compressed file. It makes errors that contain the offset.</summary>
internal sealed class FrameBytes(ByteWindow window)
{
    public ByteWindow Window { get; } = window;

    /// <summary>The name of the format in messages.</summary>
    public string Name { get; set; } = "compressed";

    /// <summary>Returns the next bytes in one piece, without skipping them.</summary>
    /// <exception cref="EndOfStreamException">The file ends before these bytes.</exception>
    public ReadOnlySpan<byte> Require(int count) => Window.Ensure(count) ? Window.Bytes[..count] : throw Cut();

    public EndOfStreamException Cut() => new($"the file ends in the middle of its {Name} data");

    public InvalidDataException Damage(string problem) => Damage(problem, Window.Offset);

    /// <param name="problem">The problem.</param>
    /// <param name="at">The offset in the compressed file.</param>
    public InvalidDataException Damage(string problem, long at) =>
        new(string.Create(CultureInfo.InvariantCulture, $"damaged {Name} data at byte offset {at} of the compressed file: {problem}"));
}
