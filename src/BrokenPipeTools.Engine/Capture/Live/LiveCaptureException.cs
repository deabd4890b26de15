namespace BrokenPipeTools.Capture.Live;

/// <summary>Packets cannot be captured, or no longer. The message names the remedy.</summary>
public sealed class LiveCaptureException : IOException
{
    /// <summary>Makes the error.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="interfaceName">The interface; null if it is about none in particular.</param>
    /// <param name="message">The problem and the remedy.</param>
    public LiveCaptureException(LiveCaptureFault fault, string? interfaceName, string message)
        : base(message)
    {
        Fault = fault;
        InterfaceName = interfaceName;
    }

    /// <summary>The reason.</summary>
    public LiveCaptureFault Fault { get; }

    /// <summary>The interface it was about; null if it was about none in particular.</summary>
    public string? InterfaceName { get; }
}
