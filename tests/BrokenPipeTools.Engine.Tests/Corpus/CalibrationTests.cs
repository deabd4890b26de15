using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Judges;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>
/// Measures how often the rest of a capture refutes a conclusion from its beginning. CALIBRATION_CUTS sets the number of cuts for each capture,
/// CALIBRATION_SEED selects them, CALIBRATION_FOLDER adds the captures of a folder, CALIBRATION_EXAMPLES prints refuted conclusions.
/// </summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const int DefaultCuts = 3;

    /// <summary>Larger captures take long to cut; they are left out unless the number of cuts is given.</summary>
    private const long Large = 400_000;

    [Fact]
    public void Claims_from_the_beginning_of_a_capture_hold_to_its_end()
    {
        Calibration calibration = Calibration.OfSettings(DefaultCuts);
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

        calibration.Check(output);
    }

    private static IEnumerable<string> Captures()
    {
        string own = RepositoryFiles.Captures;
        string[] folders = Environment.GetEnvironmentVariable("CALIBRATION_FOLDER") is { Length: > 0 } more ? [own, more] : [own];
        return folders.SelectMany(folder => Directory.GetFiles(folder, "*.*cap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .Where(path => TestSetting.Number("CALIBRATION_CUTS") is not null || new FileInfo(path).Length < Large);
    }
}
