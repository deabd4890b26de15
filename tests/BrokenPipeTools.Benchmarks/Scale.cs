using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Benchmarks;

/// <summary>Measures how the time for discarded CSV output grows with the number of connections, cores, files and processes, and with compression.</summary>
internal sealed class Scale(string folder, int runs, string command)
{
    private const int SmallFiles = 1_000;
    private const int Processes = 100;
    private const int SmallConnections = 100;

    private readonly List<string> _missing = [];

    /// <summary>Measures everything and prints a table. Returns false if a tool is not installed.</summary>
    public bool Run(int connections)
    {
        Console.WriteLine("| run | wall s | CPU s | peak MiB | wall, of the line before | µs of CPU a connection |\n|---|--:|--:|--:|--:|--:|");
        GeneratedCapture[] captures = [.. new[] { connections / 100, connections / 10, connections }.Select(count => CaptureGenerator.Provide(folder, Math.Max(1, count)))];
        Measurement? before = null;
        foreach (GeneratedCapture capture in captures)
            before = Print(Invariant($"{capture.Connections:N0} connections, {capture.Packets:N0} packets"), Close(capture.Path), capture.Connections, before);
        GeneratedCapture tenth = captures[1];
        if (new PeerCommand("taskset", "taskset", []).Locate() is { } taskset)
            Print("a tenth, on one core", new PeerCommand("one core", taskset, ["-c", "0", command, .. Close(tenth.Path).Arguments]), tenth.Connections, Print("a tenth, on all cores", Close(tenth.Path), tenth.Connections, null));
        else
            _missing.Add("taskset");
        Measurement plain = Print("a tenth, plain", Close(tenth.Path), tenth.Connections, null);
        foreach ((string tool, string suffix) in (ReadOnlySpan<(string, string)>)[("gzip", ".gz"), ("zstd", ".zst"), ("lz4", ".lz4")])
        {
            if (Compress(tool, tenth.Path, suffix) is { } compressed)
                Print($"a tenth, {tool} (beside plain)", Close(compressed), tenth.Connections, plain);
        }

        string[] small = SmallCaptures();
        Measurement one = Print("one small file", Close(small[0]), SmallConnections, null);
        Print(Invariant($"{SmallFiles:N0} small files, one process"), Close(small), SmallFiles * SmallConnections, one);
        // The shell starts all of them, and waits for them.
        Print($"{Processes} processes at the same time, a small file each", new PeerCommand("processes", "/bin/sh", ["-c", "for f; do \"$0\" close --format csv \"$f\" & done; wait", command, .. small[..Processes]]), Processes * SmallConnections, one);
        _missing.ForEach(tool => Console.WriteLine($"MISSING {tool}"));
        return _missing.Count == 0;
    }

    private PeerCommand Close(params string[] paths) => new("close", command, ["close", "--format", "csv", .. paths]);

    /// <summary>Returns the run with the median wall time, after one run that fills the file cache.</summary>
    private Measurement Print(string title, PeerCommand run, long connections, Measurement? before)
    {
        PeerRun.Measure(run);
        Measurement middle = Enumerable.Range(0, runs).Select(_ => PeerRun.Measure(run)).OrderBy(one => one.Wall).ElementAt(runs / 2);
        string ratio = before is { } other ? Invariant($"{middle.Wall / other.Wall:0.00}") : "";
        Console.WriteLine(Invariant($"| {title} | {middle.Wall.TotalSeconds:0.00} | {middle.Cpu.TotalSeconds:0.00} | {middle.PeakMiB:0} | {ratio} | {middle.Cpu.TotalMicroseconds / connections:0.0} |"));
        return middle;
    }

    private string? Compress(string tool, string path, string suffix)
    {
        if (new PeerCommand(tool, tool, []).Locate() is not { } program)
        {
            _missing.Add(tool);
            return null;
        }

        string target = Path.Combine(folder, Path.GetFileName(path) + suffix);
        if (!File.Exists(target))
        {
            using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "\"$0\" -c <\"$1\" >\"$2\"", program, path, target])) ?? throw new InvalidOperationException($"{tool} did not start");
            process.WaitForExit();
        }

        return target;
    }

    private string[] SmallCaptures()
    {
        string small = CaptureGenerator.Provide(folder, SmallConnections).Path;
        string files = Path.Combine(folder, "small");
        Directory.CreateDirectory(files);
        string[] copies = [.. Enumerable.Range(0, SmallFiles).Select(n => Path.Combine(files, Invariant($"{n:0000}.pcap")))];
        foreach (string copy in copies)
            File.Copy(small, copy, overwrite: true);
        return copies;
    }

    private static string Invariant(DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);
}
