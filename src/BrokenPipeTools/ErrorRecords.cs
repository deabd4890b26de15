using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools;

/// <summary>
/// Every ErrorRecord of the module is made here. What a connection did is a result, never an error: these are for what the module
/// could not do. The ids are public, scripts compare them: those of captures are the names of <see cref="CaptureProblemId"/>.
/// </summary>
internal static class ErrorRecords
{
    public static ErrorRecord ToErrorRecord(this CaptureProblem problem, Exception? cause = null) =>
        new(cause ?? new IOException(problem.Message), problem.Id.ToString(), CategoryOf(problem.Id), problem.Path)
        {
            ErrorDetails = new ErrorDetails(problem.Message),
        };

    /// <summary>The path leads to another provider's item: a certificate or a variable is no file.</summary>
    public static ErrorRecord NotFileSystemPath(string path, string provider) => new(
        new ArgumentException($"{path}: a path of the {provider} provider; captures are files"),
        nameof(NotFileSystemPath),
        ErrorCategory.InvalidArgument,
        path);

    /// <summary>Reading packets from a keyboard would only wait for ever.</summary>
    public static ErrorRecord StandardInputIsTerminal() => new(
        new InvalidOperationException("-: standard input is a terminal; redirect a capture into this process"),
        nameof(StandardInputIsTerminal),
        ErrorCategory.InvalidOperation,
        Capture.CaptureFile.StandardInput);

    /// <summary>No interface has the name asked for.</summary>
    public static ErrorRecord InterfaceNotFound(string name) => new(
        new ItemNotFoundException($"{name}: no such interface"),
        nameof(CaptureProblemId.InterfaceNotFound),
        CategoryOf(CaptureProblemId.InterfaceNotFound),
        name);

    /// <summary>No scenario has this name, or matches this wildcard.</summary>
    public static ErrorRecord ScenarioNotFound(string name) => new(
        new ItemNotFoundException($"{name}: no such scenario; Get-BrokenPipeScenario lists them"),
        nameof(ScenarioNotFound),
        ErrorCategory.ObjectNotFound,
        name);

    /// <summary>The folder cannot be made, or the file not be written. The scenarios are played all the same.</summary>
    public static ErrorRecord CaptureWriteFailed(string path, Exception cause) => new(
        cause,
        nameof(CaptureWriteFailed),
        cause is UnauthorizedAccessException ? ErrorCategory.PermissionDenied : ErrorCategory.WriteError,
        path)
    {
        ErrorDetails = new ErrorDetails($"{path}: captures cannot be kept here: {cause.Message}"),
    };

    private static ErrorCategory CategoryOf(CaptureProblemId id) => id switch
    {
        CaptureProblemId.CaptureNotFound => ErrorCategory.ObjectNotFound,
        CaptureProblemId.CaptureIsDirectory => ErrorCategory.InvalidArgument,
        CaptureProblemId.CaptureAccessDenied => ErrorCategory.PermissionDenied,
        CaptureProblemId.CaptureReadFailed => ErrorCategory.ReadError,
        CaptureProblemId.LinkTypeUnsupported => ErrorCategory.NotImplemented,
        CaptureProblemId.CaptureEmpty => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureFormatUnknown => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureTruncated => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureDamaged => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureWriteFailed => ErrorCategory.WriteError,
        CaptureProblemId.CaptureFileExists => ErrorCategory.ResourceExists,
        CaptureProblemId.CaptureLibraryMissing => ErrorCategory.NotInstalled,
        CaptureProblemId.CapturePermissionDenied => ErrorCategory.PermissionDenied,
        CaptureProblemId.InterfaceNotFound => ErrorCategory.ObjectNotFound,
        CaptureProblemId.InterfaceDown => ErrorCategory.ResourceUnavailable,
        CaptureProblemId.CaptureFilterInvalid => ErrorCategory.InvalidArgument,
        CaptureProblemId.CaptureFailed => ErrorCategory.DeviceError,
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };
}
