using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Tests.Differential;
using BrokenPipeTools.Tests.Live;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Scenarios;

/// <summary>
/// Plays a scenario, and holds three accounts of it together: what it names, what the analyzer reads in the capture that was kept,
/// and which FINs and RSTs tshark sees there.
/// </summary>
internal static class ScenarioPlay
{
    public static void Check(string name, bool ipv6)
    {
        Scenario scenario = ScenarioCatalog.All.Single(s => s.Name == name);
        string folder = Directory.CreateTempSubdirectory("brokenpipe-").FullName;
        try
        {
            ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6, CapturePath = folder, CaptureLibrary = CaptureLibrary.Instance });
            Assert.True(result.Passed, result.Problem + "\n" + string.Join('\n', result.Steps) + "\n" + string.Join('\n', result.Connections.Select(c => $"{c.State} {c.Sequence}")));
            Assert.Contains(result.Steps, step => step.Expected is not null);
            if (result.CapturePath is { } path)
                CheckCapture(scenario, path);
            Assert.Equal(scenario.Packets.Count == 0 || Loopback.Obstacle is not null, result.CaptureNote is not null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void CheckCapture(Scenario scenario, string path)
    {
        List<ConnectionClose> records = Read(path);
        Assert.Equal(scenario.Packets.Count, records.Count);
        foreach ((ExpectedClose expected, ConnectionClose seen) in scenario.Packets.Zip(records))
            Assert.True(expected.Mismatch(seen) is null, expected.Mismatch(seen));
        if (!Tshark.IsInstalled)
            return;
        List<TsharkFrame> frames = Tshark.Read(File.ReadAllBytes(path));
        foreach (ConnectionClose seen in records)
            Assert.Equal(Closings(seen), Closings(frames.Where(f => f.Stream == seen.Stream && !f.IsQuoted), seen.ClientPort));
    }

    private static List<ConnectionClose> Read(string path)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(path);
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            records.Add(record);
        return [.. records.OrderBy(r => r.Stream)];
    }

    /// <summary>The first FIN of either side and every RST, in order, as our record tells them: from its rungs, S:RST×4 being four.</summary>
    private static string Closings(ConnectionClose record)
    {
        List<string> closings = [];
        foreach (string rung in record.Sequence.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = rung.Split('×');
            string word = parts[0].Split('(')[0];
            int count = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
            if (word[2..] is "FIN" or "RST")
                closings.AddRange(Enumerable.Repeat(word, count));
        }

        return string.Join(' ', closings);
    }

    /// <summary>The same as tshark's flags tell it.</summary>
    private static string Closings(IEnumerable<TsharkFrame> frames, int clientPort)
    {
        List<string> closings = [];
        foreach (TsharkFrame frame in frames)
        {
            string side = frame.SourcePort == clientPort ? "C" : "S";
            TcpFlags flags = (TcpFlags)frame.Flags;
            if ((flags & TcpFlags.Rst) != 0)
                closings.Add($"{side}:RST");
            else if ((flags & TcpFlags.Fin) != 0 && !closings.Contains($"{side}:FIN"))
                closings.Add($"{side}:FIN");
        }

        return string.Join(' ', closings);
    }
}
