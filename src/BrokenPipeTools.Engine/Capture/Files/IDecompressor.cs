namespace BrokenPipeTools.Capture.Files;

/// <summary>Decompresses zstd and lz4, for which .NET has no decoder.</summary>
internal interface IDecompressor
{
    /// <summary>Returns the decompressed bytes, which can be read only once, from the beginning to the end.</summary>
    /// <param name="compressed">The compressed bytes, from the first one. The returned stream disposes of it.</param>
    /// <returns>
    /// A stream whose read throws after the last valid byte: <see cref="InvalidDataException"/> if the compressed data are damaged, <see cref="EndOfStreamException"/> if they are cut, <see cref="NotSupportedException"/> if they need a dictionary or more memory than allowed.
    /// </returns>
    /// <exception cref="IOException">The decoder cannot be loaded.</exception>
    Stream Open(Stream compressed);
}
