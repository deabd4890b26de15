using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>The data that only some formats print.</summary>
[Flags]
internal enum Shown
{
    Nothing = 0,

    /// <summary>The times of packets.</summary>
    Times = 1,

    /// <summary>TTL and IP ID.</summary>
    IpHeader = 2,

    /// <summary>The sequence number of a segment without payload: a keepalive probe has the one before the next.</summary>
    ProbeNumbers = 4,

    /// <summary>Initial sequence numbers: they show that two connections are one attempt.</summary>
    InitialNumbers = 8,
}

/// <summary>A way to print a capture as text.</summary>
/// <param name="Name">The name of the format in messages.</param>
/// <param name="Program">tcpdump or tshark.</param>
/// <param name="Arguments">The options of the program, without the file.</param>
internal sealed partial record Dialect(string Name, string Program, params string[] Arguments)
{
    private const string Columns = "gui.column.format:\"No.\",\"%m\",\"Time\",\"%t\",\"Source\",\"%s\",\"Destination\",\"%d\",\"Protocol\",\"%p\",\"Length\",\"%L\",\"Info\",\"%i\"";
    private const string OwnColumns = "gui.column.format:\"No.\",\"%m\",\"Delta\",\"%Tt\",\"Time\",\"%t\",\"Source\",\"%s\",\"Src Port\",\"%uS\",\"Destination\",\"%d\",\"Dst Port\",\"%uD\",\"Protocol\",\"%p\",\"Length\",\"%L\",\"Info\",\"%i\"";

    /// <summary>The data about a packet, besides its numbers, that this format prints.</summary>
    public Shown Shows { get; init; } = Shown.Times;

    /// <summary>Changes every line as people and programs do when they paste it; null to change nothing.</summary>
    public Func<string, string>? Change { get; init; }

    public static IReadOnlyList<Dialect> OfTcpdump { get; } =
    [
        new("-nn", "tcpdump", "-nn") { Shows = Shown.Times | Shown.InitialNumbers },
        new("names", "tcpdump", "-nn") { Shows = Shown.Times | Shown.InitialNumbers, Change = line => Address().Replace(line, match => $"host-{match.Value.Replace('.', '-')}.example") },
        new("quoted", "tcpdump", "-nn") { Shows = Shown.Times | Shown.InitialNumbers, Change = line => "> " + line.Replace(" > ", " &gt; ", StringComparison.Ordinal) },
        new("-t", "tcpdump", "-nn", "-t") { Shows = Shown.InitialNumbers },
        new("-tt", "tcpdump", "-nn", "-tt") { Shows = Shown.Times | Shown.InitialNumbers },
        new("-ttt", "tcpdump", "-nn", "-ttt") { Shows = Shown.Times | Shown.InitialNumbers },
        new("-tttt", "tcpdump", "-nn", "-tttt") { Shows = Shown.Times | Shown.InitialNumbers },
        new("-ttttt", "tcpdump", "-nn", "-ttttt") { Shows = Shown.Times | Shown.InitialNumbers },
        new("-v", "tcpdump", "-nn", "-v") { Shows = Shown.Times | Shown.InitialNumbers | Shown.IpHeader },
        new("-t -v", "tcpdump", "-nn", "-t", "-v") { Shows = Shown.InitialNumbers | Shown.IpHeader },
        new("-vv", "tcpdump", "-nn", "-vv") { Shows = Shown.Times | Shown.InitialNumbers | Shown.IpHeader | Shown.ProbeNumbers },
        new("-e", "tcpdump", "-nn", "-e") { Shows = Shown.Times | Shown.InitialNumbers },
        new("-e -v", "tcpdump", "-nn", "-e", "-v") { Shows = Shown.Times | Shown.InitialNumbers | Shown.IpHeader },
        new("-S", "tcpdump", "-nn", "-S") { Shows = Shown.Times | Shown.InitialNumbers },
        new("-x", "tcpdump", "-nn", "-x") { Shows = Shown.Times | Shown.InitialNumbers | Shown.IpHeader | Shown.ProbeNumbers },
        new("-X", "tcpdump", "-nn", "-X") { Shows = Shown.Times | Shown.InitialNumbers | Shown.IpHeader | Shown.ProbeNumbers },
        new("-XX", "tcpdump", "-nn", "-XX") { Shows = Shown.Times | Shown.InitialNumbers | Shown.IpHeader | Shown.ProbeNumbers },
    ];

    public static IReadOnlyList<Dialect> OfTshark { get; } =
    [
        new("tshark", "tshark", "-n") { Shows = Shown.Times | Shown.ProbeNumbers },
        new("tshark -t ad", "tshark", "-n", "-t", "ad") { Shows = Shown.Times | Shown.ProbeNumbers },
        new("tshark -t d", "tshark", "-n", "-t", "d") { Shows = Shown.Times | Shown.ProbeNumbers },
        new("tshark -N t", "tshark", "-N", "t") { Shows = Shown.Times | Shown.ProbeNumbers },
        new("tshark -T tabs", "tshark", "-n", "-T", "tabs") { Shows = Shown.Times | Shown.ProbeNumbers },
        new("Wireshark's list", "tshark", "-n", "-o", Columns) { Shows = Shown.Times | Shown.ProbeNumbers, Change = WithoutFirstArrow },
        new("Wireshark's CSV", "tshark", "-n", "-T", "fields", "-E", "quote=d", "-E", "separator=,", "-e", "_ws.col.No.", "-e", "_ws.col.Time", "-e", "_ws.col.Source", "-e", "_ws.col.Destination", "-e", "_ws.col.Protocol", "-e", "_ws.col.Length", "-e", "_ws.col.Info") { Shows = Shown.Times | Shown.ProbeNumbers },
        new("own columns", "tshark", "-n", "-T", "tabs", "-o", OwnColumns) { Shows = Shown.Times | Shown.ProbeNumbers, Change = line => line },
    ];

    /// <summary>Prints a capture. For tshark, only its summary lines are printed.</summary>
    public string Print(string path)
    {
        ProcessStartInfo start = new(Program, [.. Arguments, "-r", path]);
        (start.Environment["TZ"], start.Environment["LC_ALL"]) = ("UTC", "C.UTF-8");
        string text = ChildProgram.Run(start).Output;
        return Change is null ? text : string.Join('\n', text.Split('\n').Select(Change));
    }

    private static string WithoutFirstArrow(string line)
    {
        int arrow = line.IndexOf('→', StringComparison.Ordinal);
        return arrow < 0 ? line : line.Remove(arrow, 1);
    }

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?=(?:\.\d+)?[ :,])")]
    private static partial Regex Address();
}

/// <summary>Reads traces in memory.</summary>
internal static class PrintedTrace
{
    public static List<ConnectionClose> Read(string text) => All(text).Records;

    /// <summary>Returns the records, and the analyzer after the end of the text.</summary>
    public static (List<ConnectionClose> Records, CloseAnalyzer Analyzer) All(string text, string name = "trace.txt")
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), name));
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            records.Add(record);
        return (records, analyzer);
    }
}
