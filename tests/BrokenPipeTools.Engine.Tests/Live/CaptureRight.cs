using BrokenPipeTools.Capture;
using BrokenPipeTools.Live;

namespace BrokenPipeTools.Tests.Live;

/// <summary>Whether this process may capture on loopback; what needs it is skipped otherwise, and says so.</summary>
internal static class CaptureRight
{
    public static string? Missing { get; } = Try();

    private static string? Try()
    {
        try
        {
            string loopback = PcapInterface.GetAll().First(i => i.IsLoopback).Name;
            using LiveCapture live = LiveCapture.Open(new LiveCaptureOptions { InterfaceName = loopback });
            return null;
        }
        catch (LiveCaptureException e)
        {
            return e.Message;
        }
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class CaptureFactAttribute : FactAttribute
{
    public CaptureFactAttribute() => Skip = CaptureRight.Missing;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class CaptureTheoryAttribute : TheoryAttribute
{
    public CaptureTheoryAttribute() => Skip = CaptureRight.Missing;
}
