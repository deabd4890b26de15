using System.Diagnostics;
using System.Security.Cryptography;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Files written by zstd and lz4 themselves, with the options that change the format. Each test needs its tool on the PATH.</summary>
public sealed class CompressionToolTests
{
    /// <summary>More than one block of lz4 -BD (4 MiB): half random, half repetitive.</summary>
    private static readonly byte[] Capture = MakeCapture();

    [CompressionToolTheory("zstd")]
    [InlineData("-1")]
    [InlineData("-19 --long=27")]
    [InlineData("--fast=5 --no-check")]
    [InlineData("-3 -T2 -B1MB --rsyncable")]
    [InlineData("-3 --no-content-size")]
    public void Files_of_zstd_are_read(string options) => Check("zstd", options);

    [CompressionToolTheory("lz4")]
    [InlineData("-1")]
    [InlineData("-9 -BD")]
    [InlineData("-1 -B4 -BD -BX")]
    [InlineData("-1 -B7 --content-size")]
    [InlineData("-1 --no-frame-crc")]
    [InlineData("-l")]
    public void Files_of_lz4_are_read(string options) => Check("lz4", options);

    private static void Check(string tool, string options)
    {
        string folder = Directory.CreateTempSubdirectory("compression-").FullName;
        try
        {
            (string plain, string compressed) = (Path.Combine(folder, "plain"), Path.Combine(folder, "compressed"));
            File.WriteAllBytes(plain, Capture);
            string[] names = tool == "lz4" ? [plain, compressed] : [plain, "-o", compressed];
            using Process process = Process.Start(new ProcessStartInfo(tool, ["-q", .. options.Split(' '), .. names]))!;
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            Assert.Equal(Hash(Capture), Hash(File.ReadAllBytes(compressed)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Hash(byte[] file) => Convert.ToHexString(SHA256.HashData([.. Analyze.Frames(file).SelectMany(frame => frame.Data)]));

    private static byte[] MakeCapture()
    {
        Random random = new(1);
        return CaptureBytes.Pcap([.. Enumerable.Range(0, 100).Select(_ =>
        {
            byte[] data = new byte[50_000];
            random.NextBytes(data.AsSpan(25_000));
            return new RawFrame(data);
        })]);
    }
}

/// <summary>Runs the test if the tool is on the PATH; otherwise it is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompressionToolTheoryAttribute : TheoryAttribute
{
    public CompressionToolTheoryAttribute(string tool)
    {
        if (!Tshark.IsOnPath(tool))
            Skip = $"{tool} is not installed (Debian: apt-get install {tool})";
    }
}
