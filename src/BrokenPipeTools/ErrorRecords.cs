using System.Globalization;
using System.Management.Automation;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools;

/// <summary>
/// Makes all ErrorRecords of the module. The end of a connection is a result, never an error; errors are for operations that the module could not do.
/// The ids are public, because scripts compare them. For captures they are the names of <see cref="CaptureProblemId"/>, for servers those of
/// <see cref="ServerProblemId"/>.
/// </summary>
internal static class ErrorRecords
{
    public static ErrorRecord ToErrorRecord(this CaptureProblem problem, Exception? cause = null) =>
        new(cause ?? new IOException(problem.Message), problem.Id.ToString(), CategoryOf(problem.Id), problem.Path)
        {
            ErrorDetails = new ErrorDetails(problem.Message),
        };

    /// <summary>The path is neither the name of a file nor a valid wildcard pattern, because its brackets are not closed.</summary>
    public static ErrorRecord PatternInvalid(string path) =>
        new CaptureProblem(CaptureProblemId.CaptureNotFound, path, $"{path}: no such file, and not a valid wildcard pattern; use -LiteralPath to take the name literally").ToErrorRecord();

    /// <summary>The path leads to an item that is not a file, such as a certificate or a variable.</summary>
    public static ErrorRecord NotFileSystemPath(string path, string provider) => new(
        new ArgumentException($"{path}: a path of the {provider} provider; captures are files"),
        nameof(NotFileSystemPath),
        ErrorCategory.InvalidArgument,
        path);

    /// <summary>Standard input is a terminal, so reading packets from it would wait forever.</summary>
    public static ErrorRecord StandardInputIsTerminal() => new(
        new InvalidOperationException("-: standard input is a terminal; redirect a capture into this process"),
        nameof(StandardInputIsTerminal),
        ErrorCategory.InvalidOperation,
        CaptureFile.StandardInput);

    /// <summary>Both captures of a comparison are standard input; nothing is read.</summary>
    public static ErrorRecord StandardInputTwice() => new(
        new ArgumentException("-: standard input can be one of the two captures, not both"),
        nameof(StandardInputTwice),
        ErrorCategory.InvalidArgument,
        CaptureFile.StandardInput);

    /// <summary>An object of the pipeline cannot be read as a packet. The next object is read.</summary>
    /// <param name="target">The object.</param>
    /// <param name="number">The number of the object, from 1.</param>
    /// <param name="reason">The reason.</param>
    public static ErrorRecord InputObjectNotPacket(object? target, long number, string reason) => new(
        new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"object {number} is not a captured packet: {reason}. A packet has Data (bytes), Timeval (or Date) and LinkLayerType, like SharpPcap's RawCapture")),
        nameof(InputObjectNotPacket),
        ErrorCategory.InvalidData,
        target);

    /// <summary>The table of timers cannot be used; nothing is read.</summary>
    public static ErrorRecord TimerFileInvalid(TimerFileException problem) => new(problem, nameof(TimerFileInvalid), ErrorCategory.InvalidData, problem.Path);

    /// <summary>The earlier summary cannot be used; nothing is counted.</summary>
    public static ErrorRecord SummaryReferenceInvalid(SummaryReferenceException problem) => new(problem, nameof(SummaryReferenceInvalid), ErrorCategory.InvalidData, problem.Path);

    /// <summary>An object of the pipeline is not a record. The next object is counted.</summary>
    /// <param name="target">The object.</param>
    /// <param name="number">The number of the object, from 1.</param>
    /// <param name="reason">The reason.</param>
    public static ErrorRecord InputObjectNotRecord(object? target, long number, string reason) => new(
        new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"object {number} is not a record of Get-PcapConnectionClose: {reason}")),
        nameof(InputObjectNotRecord),
        ErrorCategory.InvalidData,
        target);

    /// <summary>A record was saved or came from another session, or the object is not a record: its packets cannot be found. Nothing is written.</summary>
    public static ErrorRecord RecordWithoutPackets(PSObject target) => new(
        new ArgumentException($"an object of type {target.TypeNames.FirstOrDefault()} has no link to its packets; read the capture in this session: Get-PcapConnectionClose PATH | Export-PcapConnectionClose …"),
        nameof(RecordWithoutPackets),
        ErrorCategory.InvalidData,
        target);

    /// <summary>More connections of a cause than -FailOn accepts; all output was written before.</summary>
    public static ErrorRecord ThresholdExceeded(IReadOnlyList<string> exceeded) => new(
        new InvalidOperationException(string.Join("; ", exceeded)),
        nameof(ThresholdExceeded),
        ErrorCategory.LimitsExceeded,
        exceeded);

    /// <summary>-Before is earlier than -After; nothing is read.</summary>
    public static ErrorRecord IntervalInvalid(DateTime after, DateTime before) => new(
        new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"-Before ({before:O}) is earlier than -After ({after:O})")),
        nameof(IntervalInvalid),
        ErrorCategory.InvalidArgument,
        before);

    /// <summary>The extension of the file to export to is unknown; nothing is written.</summary>
    public static ErrorRecord ExportFormatUnknown(string path, ArgumentException problem) => new(problem, nameof(ExportFormatUnknown), ErrorCategory.InvalidArgument, path);

    /// <summary>No interface has the requested name.</summary>
    public static ErrorRecord InterfaceNotFound(string name) => new(
        new ItemNotFoundException($"{name}: no such interface"),
        nameof(CaptureProblemId.InterfaceNotFound),
        CategoryOf(CaptureProblemId.InterfaceNotFound),
        name);

    /// <summary>No scenario has this name, or matches this wildcard.</summary>
    public static ErrorRecord ScenarioNotFound(string name) => new(
        new ItemNotFoundException($"{name}: no such scenario; {SimilarName.Hint(name, ScenarioCatalog.All.Select(scenario => scenario.Name))}Get-BrokenPipeScenario lists them"),
        nameof(ScenarioNotFound),
        ErrorCategory.ObjectNotFound,
        name);

    /// <summary>The folder for captures has the name of a capture file. No scenario is run.</summary>
    public static ErrorRecord CapturePathNotFolder(string path, string problem) => new(
        new ArgumentException($"{path}: {problem}"),
        nameof(CapturePathNotFolder),
        ErrorCategory.InvalidArgument,
        path);

    /// <summary>The folder cannot be made, or the file cannot be written. The scenarios are run anyway.</summary>
    public static ErrorRecord CaptureWriteFailed(string path, Exception cause) => new(
        cause,
        nameof(CaptureWriteFailed),
        cause is UnauthorizedAccessException ? ErrorCategory.PermissionDenied : ErrorCategory.WriteError,
        path)
    {
        ErrorDetails = new ErrorDetails($"{path}: captures cannot be written here: {FileReason.Of(cause)}"),
    };

    /// <summary>The kernel's counters cannot be read.</summary>
    public static ErrorRecord ToErrorRecord(this CounterException problem, string? networkNamespace) => new(problem, problem.Id.ToString(), CategoryOf(problem.Id), networkNamespace);

    /// <summary>The kernel cannot be traced.</summary>
    public static ErrorRecord ToErrorRecord(this TraceException problem) => new(problem, problem.Id.ToString(), CategoryOf(problem.Id), null);

    /// <summary>The open sockets cannot be listed.</summary>
    public static ErrorRecord ToErrorRecord(this TcpSocketException problem, string? networkNamespace) => new(problem, problem.Id.ToString(), CategoryOf(problem.Id), networkNamespace);

    /// <summary>This kernel has no counter of this name.</summary>
    public static ErrorRecord CounterNotFound(string name) => new(
        new ItemNotFoundException($"{name}: this kernel has no such TCP counter; Get-TcpAbortCounter -All lists them"),
        nameof(CounterNotFound),
        ErrorCategory.ObjectNotFound,
        name);

    /// <summary>A server could not be started.</summary>
    public static ErrorRecord ToErrorRecord(this ServerStartException problem, string target) => new(problem, problem.Id.ToString(), CategoryOf(problem.Id), target);

    /// <summary>No server with that id runs in this process; it may have been stopped.</summary>
    public static ErrorRecord ServerNotFound(int id) => new(
        new ItemNotFoundException($"no server with the id {id} is running; Get-BrokenPipeServer lists the running servers"),
        nameof(ServerNotFound),
        ErrorCategory.ObjectNotFound,
        id);

    /// <summary>Two parameters of Test-TcpTeardown do not fit together, or one is out of range. Nothing is sent.</summary>
    public static ErrorRecord TeardownOptionInvalid(ArgumentException problem) => new(problem, nameof(TeardownOptionInvalid), ErrorCategory.InvalidArgument, null);

    /// <summary>The text cannot be the name of a host; it may be a URL. The next name is probed.</summary>
    public static ErrorRecord ComputerNameInvalid(string name) => new(
        new ArgumentException($"'{name}' is not a host name; give the parts of a URL, or of a name with a port, separately: -ComputerName example.org -Port 443 -UseTls -HttpPath /index.html"),
        nameof(ComputerNameInvalid),
        ErrorCategory.InvalidArgument,
        name);

    private static ErrorCategory CategoryOf(CounterProblemId id) => id switch
    {
        CounterProblemId.CountersUnsupported => ErrorCategory.NotImplemented,
        CounterProblemId.NetworkNamespaceNotFound => ErrorCategory.ObjectNotFound,
        CounterProblemId.NetworkNamespaceInvalid => ErrorCategory.InvalidArgument,
        CounterProblemId.NetworkNamespaceAccessDenied => ErrorCategory.PermissionDenied,
        CounterProblemId.CounterReadFailed => ErrorCategory.ReadError,
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };

    private static ErrorCategory CategoryOf(TraceProblemId id) => id switch
    {
        TraceProblemId.TraceUnsupported => ErrorCategory.NotImplemented,
        TraceProblemId.TraceAccessDenied => ErrorCategory.PermissionDenied,
        TraceProblemId.TraceSlow => ErrorCategory.InvalidOperation,
        TraceProblemId.NetworkNamespaceNotFound => ErrorCategory.ObjectNotFound,
        TraceProblemId.NetworkNamespaceInvalid => ErrorCategory.InvalidArgument,
        TraceProblemId.NetworkNamespaceAccessDenied => ErrorCategory.PermissionDenied,
        TraceProblemId.TraceFailed => ErrorCategory.DeviceError,
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };

    private static ErrorCategory CategoryOf(TcpSocketProblemId id) => id switch
    {
        TcpSocketProblemId.SocketsUnsupported => ErrorCategory.NotImplemented,
        TcpSocketProblemId.NetworkNamespaceNotFound => ErrorCategory.ObjectNotFound,
        TcpSocketProblemId.NetworkNamespaceInvalid => ErrorCategory.InvalidArgument,
        TcpSocketProblemId.NetworkNamespaceAccessDenied => ErrorCategory.PermissionDenied,
        TcpSocketProblemId.SocketReadFailed => ErrorCategory.ReadError,
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };

    private static ErrorCategory CategoryOf(ServerProblemId id) => id switch
    {
        ServerProblemId.AddressInUse => ErrorCategory.ResourceBusy,
        ServerProblemId.AddressNotAvailable => ErrorCategory.ObjectNotFound,
        ServerProblemId.ListenAccessDenied => ErrorCategory.PermissionDenied,
        ServerProblemId.UnixSocketPathExists => ErrorCategory.ResourceExists,
        ServerProblemId.UnixSocketPathInvalid => ErrorCategory.InvalidArgument,
        ServerProblemId.TooFewDescriptors => ErrorCategory.ResourceUnavailable,
        ServerProblemId.ServerOptionInvalid => ErrorCategory.InvalidArgument,
        ServerProblemId.CertificateInvalid => ErrorCategory.InvalidData,
        ServerProblemId.ServerStartFailed => ErrorCategory.OpenError,
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };

    private static ErrorCategory CategoryOf(CaptureProblemId id) => id switch
    {
        CaptureProblemId.CaptureNotFound => ErrorCategory.ObjectNotFound,
        CaptureProblemId.NetworkNamespaceNotFound => ErrorCategory.ObjectNotFound,
        CaptureProblemId.NetworkNamespaceInvalid => ErrorCategory.InvalidArgument,
        CaptureProblemId.NetworkNamespaceAccessDenied => ErrorCategory.PermissionDenied,
        CaptureProblemId.CaptureIsDirectory => ErrorCategory.InvalidArgument,
        CaptureProblemId.CaptureAccessDenied => ErrorCategory.PermissionDenied,
        CaptureProblemId.CaptureReadFailed => ErrorCategory.ReadError,
        CaptureProblemId.LinkTypeUnsupported => ErrorCategory.NotImplemented,
        CaptureProblemId.CaptureEmpty => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureFormatUnknown => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureTruncated => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureOutOfOrder => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureDamaged => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureChanged => ErrorCategory.InvalidData,
        CaptureProblemId.CaptureWriteFailed => ErrorCategory.WriteError,
        CaptureProblemId.CaptureFileExists => ErrorCategory.ResourceExists,
        CaptureProblemId.CaptureLibraryMissing => ErrorCategory.NotInstalled,
        CaptureProblemId.CaptureLibraryTooOld => ErrorCategory.NotInstalled,
        CaptureProblemId.CapturePermissionDenied => ErrorCategory.PermissionDenied,
        CaptureProblemId.InterfaceNotFound => ErrorCategory.ObjectNotFound,
        CaptureProblemId.InterfaceDown => ErrorCategory.ResourceUnavailable,
        CaptureProblemId.CaptureFilterInvalid => ErrorCategory.InvalidArgument,
        CaptureProblemId.CaptureFailed => ErrorCategory.DeviceError,
        CaptureProblemId.CaptureAnalysisFailed => ErrorCategory.NotSpecified,
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };
}
