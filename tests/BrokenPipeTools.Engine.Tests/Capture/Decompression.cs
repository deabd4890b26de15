using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.SharpPcap.Compression;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Enables zstd and lz4 captures for all tests of this process, as the command line and the module do.</summary>
internal static class Decompression
{
    [ModuleInitializer]
    internal static void Use() => CaptureFile.Decompressor = FrameDecompressor.Instance;
}
