using System.Collections.Concurrent;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Captures;
using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>
/// Prints captures with the real tcpdump and tshark, and compares the records of the text with those of the capture. Set TRACE_MATRIX=all to print
/// the public captures, too.
/// </summary>
public sealed class TraceMatrixTests(ITestOutputHelper output)
{
    private static readonly string Folder = RepositoryFiles.Captures;

    /// <summary>Some public captures have layers that tcpdump does not decode, or causes that only the payload shows.</summary>
    private static readonly bool HasPublic = Environment.GetEnvironmentVariable("TRACE_MATRIX") == "all";

    private static readonly string[] Captures =
    [
        .. Directory.GetFiles(Folder, "*.pcap*"),
        .. Directory.GetFiles(FieldCase.Folder, "*.pcap*"),
        .. HasPublic ? Directory.GetFiles(PublicCaptures.Folder, "*.pcap*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".gz", StringComparison.Ordinal)) : [],
    ];

    /// <summary>Captures whose cause needs more than the numbers of the packets, with the evidence that it needs.</summary>
    private static readonly Dictionary<string, Shown> Evidence = new()
    {
        ["injected-reset-with-payload.pcap 0"] = Shown.IpHeader, // the RST has another TTL
        ["midstream-keepalive.pcap 0"] = Shown.ProbeNumbers,
        ["slow-fin-firewall-forgot.pcap 0"] = Shown.Times,
        ["mtu-hole-at-client.pcap 0"] = Shown.Times,
        ["clusterip-no-reverse-nat-client-side.pcap 1"] = Shown.InitialNumbers,
        ["clusterip-no-reverse-nat.pcap 1"] = Shown.InitialNumbers, // one attempt under two addresses
        ["InjectedReset.pcapng 0"] = Shown.IpHeader,
        ["StateExpiredReset.pcapng 0"] = Shown.IpHeader,
        ["KeepAliveDeadPath.pcapng 0"] = Shown.ProbeNumbers,
        ["ZeroWindowTimeout.pcapng 0"] = Shown.ProbeNumbers,
        ["LocalFirewall.pcapng 0"] = Shown.Times,
        ["SlowClientReset.pcapng 0"] = Shown.Times,
    };

    /// <summary>The capture and the stream of a connection, by its endpoints: tshark prints all captures in one run.</summary>
    private static readonly Lazy<Dictionary<string, string>> Names = new(() => NamesOf(Captures));

    [TcpdumpFact]
    public void Text_of_tcpdump_gives_the_records_of_the_capture() => Compare(Dialect.OfTcpdump, Captures, Names.Value, HasPublic ? 0.95 : 0.98);

    [TsharkFact]
    public void Text_of_tshark_gives_the_records_of_the_capture()
    {
        string merged = Path.Combine(Path.GetTempPath(), $"matrix-{Guid.NewGuid():N}.pcapng");
        try
        {
            Compare(Dialect.OfTshark, [Merge(merged, Captures.Where(path => !path.StartsWith(PublicCaptures.Folder, StringComparison.Ordinal)))], Names.Value, 0.98);
        }
        finally
        {
            File.Delete(merged);
        }
    }

    /// <summary>The lab's scenarios, one after the other in one capture.</summary>
    [LiveFact]
    public void Text_of_the_scenarios_gives_the_records_of_their_captures()
    {
        string folder = Directory.CreateTempSubdirectory("matrix-").FullName;
        try
        {
            if (!Tshark.IsInstalled)
                return; // it prints and merges
            List<(int Link, string Path)> files = [];
            foreach ((string name, byte[] capture) in RanScenario.Captures())
            {
                files.Add((Analyze.Frames(capture)[0].LinkType, Path.Combine(folder, $"{name}.pcapng")));
                File.WriteAllBytes(files[^1].Path, capture);
            }

            // tcpdump prints no file with several link types.
            string[] merged = [.. files.GroupBy(file => file.Link).Select(link => Merge(Path.Combine(folder, $"{link.Key}.pcap"), link.Select(file => file.Path)))];
            Compare([.. Tshark.IsOnPath("tcpdump") ? Dialect.OfTcpdump : [], .. Dialect.OfTshark], merged, NamesOf(files.Select(file => file.Path)), 0.98);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Merge(string merged, IEnumerable<string> paths)
    {
        ChildProgram.Run("mergecap", ["-F", Path.GetExtension(merged)[1..], "-w", merged, .. paths]);
        return merged;
    }

    private void Compare(IReadOnlyList<Dialect> dialects, string[] captures, Dictionary<string, string> names, double atLeast)
    {
        Dictionary<string, ConnectionClose[]> expected = captures.ToDictionary(path => path, Read);
        ConcurrentBag<(string Dialect, string Where, string[] Differences)> results = [];
        Parallel.ForEach(captures.SelectMany(path => dialects.Select(dialect => (path, dialect))), new ParallelOptions { MaxDegreeOfParallelism = 2 }, pair =>
        {
            if (expected[pair.path].Length == 0)
                return;
            Dictionary<long, ConnectionClose> printed = Print(pair.path, pair.dialect);
            foreach (ConnectionClose record in expected[pair.path].Where(record => !NeedsMore(names.GetValueOrDefault(Endpoints(record), ""), pair.dialect)))
                results.Add((pair.dialect.Name, names.GetValueOrDefault(Endpoints(record), $"{Path.GetFileName(pair.path)} {record.Stream}"), Differences(record, printed.GetValueOrDefault(record.FirstFrame))));
        });
        foreach (var dialect in results.GroupBy(result => result.Dialect).OrderBy(group => group.Key))
        {
            output.WriteLine($"{dialect.Key,-18} {dialect.Count(r => r.Differences.Length == 0)} of {dialect.Count()} alike");
            foreach ((_, string where, string[] differences) in dialect.Where(r => r.Differences.Length > 0).Take(400))
                output.WriteLine($"    {where}: {string.Join(", ", differences)}");
        }

        double rate = results.Count(result => result.Differences.Length == 0) / (double)results.Count;
        output.WriteLine($"{rate:P2} of {results.Count}");
        Assert.True(rate >= atLeast, $"{rate:P2} of {results.Count} records are those of the capture");
    }

    /// <summary>The records by their first frame; none if the text has no TCP, as for a link layer that tcpdump does not decode.</summary>
    private static Dictionary<long, ConnectionClose> Print(string path, Dialect dialect)
    {
        try
        {
            return PrintedTrace.Read(dialect.Print(path)).DistinctBy(record => record.FirstFrame).ToDictionary(record => record.FirstFrame);
        }
        catch (CaptureFormatException)
        {
            return [];
        }
    }

    private static bool NeedsMore(string name, Dialect dialect) => Evidence.TryGetValue(name, out Shown needed) && !dialect.Shows.HasFlag(needed);

    private static Dictionary<string, string> NamesOf(IEnumerable<string> captures) => captures
        .SelectMany(path => Read(path).Select(record => (Name: $"{Path.GetFileName(path)} {record.Stream}", Record: record)))
        .DistinctBy(named => Endpoints(named.Record))
        .ToDictionary(named => Endpoints(named.Record), named => named.Name);

    private static string Endpoints(ConnectionClose record) => $"{record.ClientAddress} {record.ClientPort} {record.ServerAddress} {record.ServerPort}";

    private static ConnectionClose[] Read(string path) => [.. Analyze.File(path)];

    private static string[] Differences(ConnectionClose capture, ConnectionClose? text)
    {
        if (text is null)
            return ["missing"];
        (string Name, object? Expected, object? Seen)[] values =
        [
            ("State", capture.State, text.State),
            ("ClosedBy", capture.ClosedBy, text.ClosedBy),
            ("Cause", capture.Cause, text.Cause),
            ("ClientFin", capture.ClientFinFrame, text.ClientFinFrame),
            ("ServerFin", capture.ServerFinFrame, text.ServerFinFrame),
            ("ClientReset", capture.ClientResetFrame, text.ClientResetFrame),
            ("ServerReset", capture.ServerResetFrame, text.ServerResetFrame),
            ("Connect", capture.Connect, text.Connect),
            ("ClientRead", capture.ClientRead, text.ClientRead),
            ("ClientWrite", capture.ClientWrite, text.ClientWrite),
            ("ServerRead", capture.ServerRead, text.ServerRead),
            ("ServerWrite", capture.ServerWrite, text.ServerWrite),
        ];
        return [.. values.Where(value => !Equals(value.Expected, value.Seen)).Select(value => $"{value.Name} {value.Expected} -> {value.Seen}")];
    }
}
