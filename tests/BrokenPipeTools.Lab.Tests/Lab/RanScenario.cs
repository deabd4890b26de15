using System.Collections.Concurrent;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>
/// A scenario that was run, with its result and its capture. Each one is run once for each address family, when the first test needs it; all tests
/// use the same run. <see cref="Check"/> compares three results: those that the scenario expects, those of the analyzer for the kept capture, and the
/// FINs and RSTs that tshark finds in it.
/// </summary>
internal sealed class RanScenario
{
    private static readonly ConcurrentDictionary<(string Name, bool IPv6), Lazy<RanScenario>> Runs = new();

    private readonly byte[]? _capture;

    private RanScenario(Scenario scenario, ScenarioResult result, byte[]? capture)
    {
        Scenario = scenario;
        Result = result;
        _capture = capture;
    }

    public Scenario Scenario { get; }

    public ScenarioResult Result { get; }

    /// <summary>The capture file; null if this process may not capture, or the scenario sends no packets.</summary>
    public byte[]? Capture => _capture;

    /// <summary>The run that all tests share.</summary>
    public static RanScenario Of(string name, bool ipv6) => Runs.GetOrAdd((name, ipv6), key => new Lazy<RanScenario>(() => Again(key.Name, key.IPv6))).Value;

    /// <summary>The names and captures of all scenarios with packets that can be run here, over IPv4.</summary>
    public static IEnumerable<(string Name, byte[] Capture)> Captures()
    {
        foreach (Scenario scenario in ScenarioCatalog.All.Where(s => s.Packets.Count > 0 && s.Missing(ipv6: false) is null))
        {
            if (Of(scenario.Name, ipv6: false).Capture is { } capture)
                yield return (scenario.Name, capture);
        }
    }

    /// <summary>Runs the scenario again, for a test that examines the machine during the run.</summary>
    public static RanScenario Again(string name, bool ipv6)
    {
        Scenario scenario = ScenarioCatalog.All.Single(s => s.Name == name);
        string folder = Directory.CreateTempSubdirectory("brokenpipe-").FullName;
        try
        {
            ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6, CapturePath = folder, CaptureLibrary = CaptureLibrary.Instance });
            return new RanScenario(scenario, result, result.CapturePath is { } path ? File.ReadAllBytes(path) : null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Check()
    {
        Assert.True(Result.Passed, Result.Problem + "\n" + string.Join('\n', Result.Steps) + "\n" + string.Join('\n', Result.Connections.Select(c => $"{c.State} {c.Sequence}")));
        Assert.Contains(Result.Steps, step => step.Expected is not null);
        Assert.Equal(Scenario.Packets.Count == 0 || Loopback.Obstacle is not null, Result.CaptureNote is not null);
        Assert.Equal(Result.CaptureNote is null, _capture is not null);
        if (_capture is not null)
            CheckCapture(_capture);
    }

    private void CheckCapture(byte[] capture)
    {
        List<ConnectionClose> records = [.. Analyze.Bytes(capture).OrderBy(record => record.Stream)];
        Assert.Equal(Scenario.Packets.Count, records.Count);
        foreach ((ExpectedClose expected, ConnectionClose seen) in Scenario.Packets.Zip(records))
            Assert.True(expected.Mismatch(seen) is null, expected.Mismatch(seen));
        string[] differences = [.. DoubledCapture.Differences(capture)];
        if (differences.Length > 0)
            Assert.Fail(string.Join('\n', [.. differences, .. Analyze.Frames(capture).Select(frame => $"{frame.Number} {frame.Time} {Convert.ToHexString(frame.Data)}")]));
        if (!Tshark.IsInstalled)
            return;
        List<TsharkFrame> frames = Tshark.Read(capture);
        foreach (ConnectionClose seen in records)
            Assert.Equal(Closings(seen), Closings(frames.Where(f => f.Stream == seen.Stream && !f.IsQuoted), seen.ClientPort));
    }

    /// <summary>Returns the first FIN of either side and every RST, in order, from the events of the record; S:RST×4 counts as four.</summary>
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

    /// <summary>Returns the same packets from the flags that tshark prints.</summary>
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
