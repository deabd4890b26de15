using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Tests.House;
using BrokenPipeTools.Tests.Lab;
using BrokenPipeTools.Tests.Live;
using BrokenPipeTools.Tests.Robustness;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Calibration;

/// <summary>
/// How often the rest of a capture refutes what was concluded from its beginning. CALIBRATION_CUTS sets the cuts for each capture,
/// CALIBRATION_SEED the choice of them, CALIBRATION_FOLDER adds the captures of a folder, CALIBRATION_EXAMPLES prints refuted claims.
/// </summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const int DefaultCuts = 3;

    /// <summary>Larger captures take long to cut; they are left out unless the number of cuts is given.</summary>
    private const long Large = 400_000;

    /// <summary>The share of causes with High that may be refuted.</summary>
    private const double RefutedCauses = 0.01;

    /// <summary>The share of predictions that the next write fails that may be refuted.</summary>
    private const double RefutedWrites = 0.03;

    [Fact]
    public void Claims_from_the_beginning_of_a_capture_hold_to_its_end()
    {
        Calibration calibration = New(DefaultCuts);
        foreach (string path in Captures())
        {
            try
            {
                calibration.Add(Path.GetFileName(path), () => CaptureFile.Open(File.OpenRead(path), path));
            }
            catch (CaptureFormatException)
            {
                // damaged at its beginning: there is nothing to cut
            }
        }

        Judge(calibration);
    }

    [LiveFact]
    public void Claims_from_the_beginning_of_a_scenario_hold_to_its_end()
    {
        Calibration calibration = New(DefaultCuts * 3);
        foreach (string name in ScenarioCatalog.All.Where(s => s.Packets.Count > 0 && s.Missing(ipv6: false) is null).Select(s => s.Name))
        {
            if (RanScenario.Of(name, ipv6: false).Capture is { } capture)
                calibration.Add(name, () => CaptureFile.Open(new MemoryStream(capture), name));
        }

        Judge(calibration);
    }

    private static Calibration New(int cuts) => new(MutationTests.Number("CALIBRATION_SEED") ?? 1, MutationTests.Number("CALIBRATION_CUTS") ?? cuts);

    private static IEnumerable<string> Captures()
    {
        string own = Path.Combine(WallsTests.RepositoryRoot(), "tests", "captures");
        string[] folders = Environment.GetEnvironmentVariable("CALIBRATION_FOLDER") is { Length: > 0 } more ? [own, more] : [own];
        return folders.SelectMany(folder => Directory.GetFiles(folder, "*.*cap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .Where(path => MutationTests.Number("CALIBRATION_CUTS") is not null || new FileInfo(path).Length < Large);
    }

    private void Judge(Calibration calibration)
    {
        output.WriteLine($"{calibration.Captures} captures, {calibration.Connections} cut connections");
        output.WriteLine(calibration.Table(MutationTests.Number("CALIBRATION_EXAMPLES") ?? 0));
        (int made, int refuted) = calibration.Sum("cause", kind => kind.EndsWith(", High", StringComparison.Ordinal));
        (int writes, int refutedWrites) = calibration.Sum("next write fails", _ => true);
        output.WriteLine($"causes with High: {refuted} of {made} refuted; next write fails: {refutedWrites} of {writes} refuted");
        Assert.True(calibration.Connections > 0, "no connection was cut");
        Assert.True(refuted <= Math.Max(1, made * RefutedCauses), $"{refuted} of {made} causes with High refuted\n{calibration.Table(examples: 5)}");
        Assert.True(refutedWrites <= Math.Max(1, writes * RefutedWrites), $"{refutedWrites} of {writes} predictions that the next write fails refuted\n{calibration.Table(examples: 5)}");
    }
}
