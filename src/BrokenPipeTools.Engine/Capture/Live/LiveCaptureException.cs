namespace BrokenPipeTools.Capture.Live;

/// <summary>The error if packets cannot be captured, or the capture cannot continue. The message contains the remedy.</summary>
public sealed class LiveCaptureException : IOException
{
    /// <summary>Makes the error.</summary>
    /// <param name="fault">The kind of the problem.</param>
    /// <param name="interfaceName">The interface; null if the problem does not concern a particular one.</param>
    /// <param name="message">The problem and the remedy.</param>
    public LiveCaptureException(LiveCaptureFault fault, string? interfaceName, string message)
        : base(message)
    {
        Fault = fault;
        InterfaceName = interfaceName;
    }

    /// <summary>The kind of the problem.</summary>
    public LiveCaptureFault Fault { get; }

    /// <summary>The interface; null if the problem does not concern a particular one.</summary>
    public string? InterfaceName { get; }
}
