using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.SharpPcap.Compression;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>All tests of this process read captures compressed as zstd and lz4, as the command line and the module do.</summary>
internal static class Decompression
{
    [ModuleInitializer]
    internal static void Use() => CaptureFile.Decompressor = FrameDecompressor.Instance;
}
