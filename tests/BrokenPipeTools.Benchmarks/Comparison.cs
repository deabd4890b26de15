using System.Globalization;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Benchmarks;

/// <summary>
/// Measures our command and other commands, each as a whole process on the same capture. The two commands of a pair take turns, so that other
/// activity of the machine affects both. The ratio is computed for each pair.
/// </summary>
internal sealed class Comparison(string folder, int runs, string? command)
{
    private readonly List<string> _rows = [];
    private readonly List<string> _missing = [];

    /// <summary>Measures everything and prints the table. Returns false if one of the other programs is not installed.</summary>
    public bool Run(int connections)
    {
        GeneratedCapture whole = CaptureGenerator.Provide(folder, connections);
        GeneratedCapture tenth = CaptureGenerator.Provide(folder, Math.Max(1, connections / 10));
        PrintFacts(whole, tenth);

        PeerCommand filter = new("tcpdump -w /dev/null 'tcp[13] & 5 != 0'", "tcpdump", ["-r", whole.Path, "-w", "/dev/null", "tcp[13] & 5 != 0"]);
        PeerCommand toFile = Csv(whole) with { Title = "**close --format csv**, to a file", Output = Path.Combine(folder, "records.csv") };
        string packets = Path.Combine(folder, "extract");
        Compare(whole, Csv(whole), filter);
        Compare(whole, toFile, filter);
        Compare(whole, Ours("summary", "summary", whole.Path), Csv(whole));
        Compare(whole, Ours("extract --address", "extract", "--address", CaptureGenerator.FirstClient, "--force", "--to", packets + ".pcapng", whole.Path),
            new PeerCommand("tcpdump -w FILE host …", "tcpdump", ["-r", whole.Path, "-w", packets + ".pcap", "host", CaptureGenerator.FirstClient]));
        Compare(whole, Csv(whole), new PeerCommand("capinfos", "capinfos", [whole.Path]));
        Compare(tenth, Csv(tenth), new PeerCommand("tshark -q -z conv,tcp", "tshark", ["-r", tenth.Path, "-q", "-z", "conv,tcp"]));
        Compare(tenth, Csv(tenth), new PeerCommand("tcptrace -n", "tcptrace", ["-n", tenth.Path]));
        Compare(tenth, Csv(tenth), new PeerCommand("argus -w /dev/null", "argus", ["-r", tenth.Path, "-w", "/dev/null"]));
        Compare(tenth, Csv(tenth), new PeerCommand("SharpPcap + PacketDotNet (decode only)", Environment.ProcessPath!, [.. OwnAssembly(), "sharppcap", tenth.Path]));
        PrintTable();
        return _missing.Count == 0;
    }

    private void Compare(GeneratedCapture capture, PeerCommand ours, PeerCommand peer)
    {
        if (peer.Locate() is not { } program)
        {
            _missing.Add($"{peer.Title}: {peer.Program} is not installed");
            return;
        }

        peer = peer with { Program = program };
        PeerRun.Measure(ours); // the first run of each command fills the file cache
        PeerRun.Measure(peer);
        Measurement[] oursRuns = new Measurement[runs];
        Measurement[] peerRuns = new Measurement[runs];
        for (int i = 0; i < runs; i++)
        {
            oursRuns[i] = PeerRun.Measure(ours);
            peerRuns[i] = PeerRun.Measure(peer);
        }

        double[] ratios = [.. oursRuns.Zip(peerRuns, (a, b) => a.Wall / b.Wall).Order()];
        string ratio = string.Create(CultureInfo.InvariantCulture, $"{Significant(ratios[0])} / {Significant(Median(ratios))} / {Significant(ratios[^1])}");
        _rows.Add(Row(capture, ours.Title, oursRuns, ratio));
        _rows.Add(Row(capture, peer.Title, peerRuns, ""));
    }

    private PeerCommand Csv(GeneratedCapture capture) => Ours("close --format csv", "close", capture.Path, "--format", "csv");

    /// <summary>The path of our command as built for release, which the project reference has put beside this program.</summary>
    public static string Built { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "brokenpipe.exe" : "brokenpipe");

    private PeerCommand Ours(string title, params string[] arguments)
    {
        string program = command ?? Built;
        return File.Exists(program) ? new PeerCommand($"**{title}**", program, arguments) : throw new FileNotFoundException("the command was not built", program);
    }

    private static void PrintFacts(params GeneratedCapture[] captures)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}");
        if (!PeerRun.IsExact)
            Console.WriteLine("GNU time is not installed: CPU time and memory are what was seen while the command ran");
        foreach (GeneratedCapture capture in captures)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{capture.Connections:N0} connections, {capture.Packets:N0} packets, {capture.Bytes:N0} bytes: {capture.Path}"));
        Console.WriteLine();
    }

    private void PrintTable()
    {
        Console.WriteLine("| connections | command | wall s | CPU s | peak MiB | ours/peer min / median / max |");
        Console.WriteLine("|--:|---|--:|--:|--:|--:|");
        _rows.ForEach(Console.WriteLine);
        Console.WriteLine();
        _missing.ForEach(peer => Console.WriteLine("MISSING " + peer));
    }

    private static string Row(GeneratedCapture capture, string title, Measurement[] runs, string ratio) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {capture.Connections:N0} | {title} | {Median([.. runs.Select(r => r.Wall.TotalSeconds)]):0.00} | {Median([.. runs.Select(r => r.Cpu.TotalSeconds)]):0.00} | {runs.Max(r => r.PeakMiB):0} | {ratio} |");

    private static string Significant(double ratio) => ratio.ToString(ratio < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>
    /// With <c>dotnet run</c> and with the apphost, the process is this program itself. With <c>dotnet x.dll</c> it needs the path as an argument.
    /// </summary>
    private static string[] OwnAssembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Comparison).Assembly.Location] : [];
}
