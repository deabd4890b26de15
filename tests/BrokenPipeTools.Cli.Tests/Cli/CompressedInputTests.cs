using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>The command line reads captures compressed with zstd and lz4 everywhere that it reads plain ones.</summary>
public sealed class CompressedInputTests : IDisposable
{
    private static readonly RawFrame[] Frames = [.. PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\n")];

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-compressed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_standard_input_and_series_give_the_records_of_the_plain_capture()
    {
        byte[] capture = CaptureBytes.Pcapng(Frames);
        string plain = Run(["close", "-f", "csv", Write("capture", capture)]);
        Assert.Equal(plain, Run(["close", "-f", "csv", Write("capture", CompressedBytes.Zstd(capture))]));
        string fromPipe = Run(["close", "-f", "csv", "-"], CompressedBytes.Lz4(capture));
        Assert.Equal(plain, fromPipe.Replace("\n-,", $"\n{Path.Combine(_folder, "capture")},", StringComparison.Ordinal));

        byte[][] halves = [CaptureBytes.Pcapng(Frames[..5]), CaptureBytes.Pcapng(Frames[5..])];
        string[] series = ["close", "-f", "csv", "--continuous", Write("1", halves[0]), Write("2", halves[1])];
        plain = Run(series);
        Write("1", CompressedBytes.Lz4(halves[0]));
        Write("2", CompressedBytes.Zstd(halves[1]));
        Assert.Equal(plain, Run(series));
        Assert.Contains("WriteAfterPeerClose", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_are_counted_and_extracted()
    {
        string file = Write("capture", CompressedBytes.Zstd(CaptureBytes.Pcap(Frames)));
        string extract = Path.Combine(_folder, "extract.pcapng");
        Assert.Contains("WriteAfterPeerClose", Run(["summary", file]), StringComparison.Ordinal);
        Run(["extract", file, "--to", extract]);
        Assert.Equal(Frames.Length, Analyze.Frames(File.ReadAllBytes(extract)).Count);
    }

    private static string Run(string[] arguments, byte[]? input = null)
    {
        using ChildProgram process = ChildProgram.Start(Brokenpipe.With(arguments));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input ?? []);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output;
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
