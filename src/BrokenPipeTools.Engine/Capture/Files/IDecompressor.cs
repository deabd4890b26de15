namespace BrokenPipeTools.Capture.Files;

/// <summary>Decompresses zstd and lz4, for which .NET has no decoder.</summary>
internal interface IDecompressor
{
    /// <summary>Returns the decompressed bytes, which can be read only once, from the beginning to the end.</summary>
    /// <param name="compressed">The compressed bytes, from the first one. The stream that is returned owns it.</param>
    /// <returns>
    /// A stream whose read throws, after all bytes before it: <see cref="InvalidDataException"/> if the compressed data are damaged,
    /// <see cref="EndOfStreamException"/> if they are cut, <see cref="NotSupportedException"/> if they need more memory than allowed, or a dictionary.
    /// </returns>
    /// <exception cref="IOException">The decoder cannot be loaded.</exception>
    Stream Open(Stream compressed);
}
