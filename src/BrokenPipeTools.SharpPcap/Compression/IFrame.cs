namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>One frame of a compressed file, read from its magic number on.</summary>
internal interface IFrame : IDisposable
{
    /// <summary>Decompresses the next bytes. Returns 0 at the end of the frame.</summary>
    /// <exception cref="InvalidDataException">The frame is damaged.</exception>
    /// <exception cref="EndOfStreamException">The file ends in the middle of the frame.</exception>
    /// <exception cref="NotSupportedException">The frame needs more memory than allowed, or a dictionary.</exception>
    int Read(Span<byte> buffer);
}
