using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Tests.Lab;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>Measures how often the rest of a scenario refutes a conclusion from its beginning. The settings are those of the captures' calibration.</summary>
public sealed class ScenarioCalibrationTests(ITestOutputHelper output)
{
    private const int DefaultCuts = 9;

    [LiveFact]
    public void Claims_from_the_beginning_of_a_scenario_hold_to_its_end()
    {
        Calibration calibration = Calibration.OfSettings(DefaultCuts);
        foreach ((string name, byte[] capture) in RanScenario.Captures())
            calibration.Add(name, () => CaptureFile.Open(new MemoryStream(capture), name));
        calibration.Check(output);
    }
}
