using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Testing.Networks;

/// <summary>Runs if packets of the loopback interface may be captured; otherwise the test is reported as skipped, with the remedy.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LiveFactAttribute : FactAttribute
{
    public LiveFactAttribute() => Skip = Loopback.Obstacle;
}

/// <summary>The same for several runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LiveTheoryAttribute : TheoryAttribute
{
    public LiveTheoryAttribute() => Skip = Loopback.Obstacle;
}

/// <summary>Runs only as root on Linux, because namespaces are made, or privileges dropped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() =>
        Skip = Loopback.Obstacle ?? (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "needs root on Linux: it makes a network namespace or becomes another user");
}

/// <summary>The loopback interface and whether it can be captured on.</summary>
internal static class Loopback
{
    public static string Name { get; private set; } = "lo";

    /// <summary>The reason why packets of the interface cannot be captured; null if they can.</summary>
    public static string? Obstacle { get; } = Find();

    private static string? Find()
    {
        try
        {
            Name = CaptureLibrary.Instance.GetInterfaces().First(i => i.IsLoopback).Name;
            using ILiveCapture capture = CaptureLibrary.Instance.Open(new LiveCaptureOptions { InterfaceName = Name });
            return null;
        }
        catch (LiveCaptureException e)
        {
            return $"packets cannot be captured here: {e.Message}";
        }
    }
}
