namespace BrokenPipeTools.Capture.Live;

/// <summary>Packets cannot be captured, or no longer. The message contains the remedy.</summary>
public sealed class LiveCaptureException : IOException
{
    /// <summary>Makes the error.</summary>
    /// <param name="fault">The reason.</param>
    /// <param name="interfaceName">The interface; null if the problem does not concern a particular one.</param>
    /// <param name="message">The problem and the remedy.</param>
    public LiveCaptureException(LiveCaptureFault fault, string? interfaceName, string message)
        : base(message)
    {
        Fault = fault;
        InterfaceName = interfaceName;
    }

    /// <summary>The reason.</summary>
    public LiveCaptureFault Fault { get; }

    /// <summary>The interface; null if the problem does not concern a particular one.</summary>
    public string? InterfaceName { get; }
}
