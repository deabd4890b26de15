namespace BrokenPipeTools.Capture.Live;

/// <summary>Packets cannot be captured, or no longer. The message names the remedy.</summary>
public sealed class LiveCaptureException : IOException
{
    public LiveCaptureException(LiveCaptureFault fault, string? interfaceName, string message)
        : base(message)
    {
        Fault = fault;
        InterfaceName = interfaceName;
    }

    public LiveCaptureFault Fault { get; }

    /// <summary>The interface it was about; null if it was about none in particular.</summary>
    public string? InterfaceName { get; }
}
