using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>What can be wrong with a capture as a whole. The names are the error ids that scripts see.</summary>
public enum CaptureProblemId
{
    /// <summary>No such file.</summary>
    CaptureNotFound,

    /// <summary>A directory, where a file is wanted.</summary>
    CaptureIsDirectory,

    /// <summary>The file has no bytes.</summary>
    CaptureEmpty,

    /// <summary>The file is something else than a capture.</summary>
    CaptureFormatUnknown,

    /// <summary>The file ends in the middle of a record. A warning: all that was written before is reported.</summary>
    CaptureTruncated,

    /// <summary>A file of a series begins before the one in front of it begins or ends. A warning: it is read where it stands.</summary>
    CaptureOutOfOrder,

    /// <summary>The file is damaged from some byte on. What comes before is reported.</summary>
    CaptureDamaged,

    /// <summary>No frame of the file has a link type that is decoded.</summary>
    LinkTypeUnsupported,

    /// <summary>The file may not be read.</summary>
    CaptureAccessDenied,

    /// <summary>The operating system could not read the file.</summary>
    CaptureReadFailed,

    /// <summary>The packets of a record are not in its capture any more. Those that are were copied.</summary>
    CaptureChanged,

    /// <summary>A file that packets were to be kept in could not be written.</summary>
    CaptureWriteFailed,

    /// <summary>A file that packets were to be kept in is there already.</summary>
    CaptureFileExists,

    /// <summary>Neither libpcap nor Npcap is installed.</summary>
    CaptureLibraryMissing,

    /// <summary>The capture library is older than libpcap 1.5 (2013).</summary>
    CaptureLibraryTooOld,

    /// <summary>This user may not capture packets.</summary>
    CapturePermissionDenied,

    /// <summary>There is no interface of that name.</summary>
    InterfaceNotFound,

    /// <summary>The interface is down.</summary>
    InterfaceDown,

    /// <summary>The capture filter is not valid.</summary>
    CaptureFilterInvalid,

    /// <summary>There is no such network namespace or process.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path leads to something else than a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>The network namespace may not be entered: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>Capturing failed in another way.</summary>
    CaptureFailed,

    /// <summary>The analysis itself failed: a fault of this program.</summary>
    CaptureAnalysisFailed,
}

/// <summary>A capture that could not be read, or not to its end: an id for scripts, a message for people.</summary>
public sealed record CaptureProblem(CaptureProblemId Id, string Path, string Message)
{
    /// <summary>Everything in the file was reported; only its last record is not whole, or its place among others is strange.</summary>
    public bool IsWarning => Id is CaptureProblemId.CaptureTruncated or CaptureProblemId.CaptureOutOfOrder;

    /// <summary>The message.</summary>
    public override string ToString() => DisplayText.Of(Message);

    /// <summary>The problem behind an exception that opening, reading or analyzing a capture raised.</summary>
    public static CaptureProblem From(Exception exception, string path) => exception switch
    {
        CaptureFormatException damage => new CaptureProblem(IdOf(damage.Fault), path, damage.Message),
        LiveCaptureException live => new CaptureProblem(IdOf(live.Fault), live.InterfaceName ?? path, live.Message),
        CaptureWriteException { IsThereAlready: true } there => new CaptureProblem(CaptureProblemId.CaptureFileExists, there.Path, $"{there.Path}: there is such a file already, which only -Force (--force) overwrites"),
        CaptureWriteException write => new CaptureProblem(CaptureProblemId.CaptureWriteFailed, write.Path, write.Message),
        FileNotFoundException or DirectoryNotFoundException => new CaptureProblem(CaptureProblemId.CaptureNotFound, path, $"{(path.Length > 0 ? path : "''")}: no such file"),
        UnauthorizedAccessException or IOException when Directory.Exists(path) => new CaptureProblem(CaptureProblemId.CaptureIsDirectory, path, $"{path}: a directory; name the captures in it"),
        UnauthorizedAccessException => new CaptureProblem(CaptureProblemId.CaptureAccessDenied, path, $"{path}: may not be read by this user"),
        IOException => new CaptureProblem(CaptureProblemId.CaptureReadFailed, path, $"{path}: {exception.Message}"),
        _ => new CaptureProblem(CaptureProblemId.CaptureAnalysisFailed, path, $"{path}: {exception.GetType().Name}: {exception.Message}; this is a fault of BrokenPipeTools, please report it"),
    };

    /// <summary>What an analysis that has come to its end has to complain of, if anything.</summary>
    public static CaptureProblem? From(CloseAnalyzer analyzer, string path)
    {
        if (analyzer.Fault is { } fault)
            return From(fault, path);
        bool nothingDecoded = analyzer.Frames > 0 && analyzer.Decoder.Count(DecodeOutcome.UnknownLinkType) == analyzer.Frames;
        return nothingDecoded
            ? new CaptureProblem(CaptureProblemId.LinkTypeUnsupported, path, string.Create(CultureInfo.InvariantCulture, $"{path}: link type {analyzer.Decoder.LastUnknownLinkType} is not decoded; none of its {analyzer.Frames} frames could be read"))
            : null;
    }

    /// <summary>Describes why the files of a series are not one capture in its order. Returns null if they are.</summary>
    public static CaptureProblem? OrderOf(CaptureSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.FirstOutOfOrder is { } earlier)
            return new CaptureProblem(CaptureProblemId.CaptureOutOfOrder, earlier, $"{earlier}: begins before the file in front of it; name the oldest first, files are not sorted");
        return series.FirstOverlapping is { } overlapping
            ? new CaptureProblem(CaptureProblemId.CaptureOutOfOrder, overlapping, $"{overlapping}: begins before the file in front of it ends; merge captures of the same time (mergecap)")
            : null;
    }

    private static CaptureProblemId IdOf(LiveCaptureFault fault) => fault switch
    {
        LiveCaptureFault.LibraryMissing => CaptureProblemId.CaptureLibraryMissing,
        LiveCaptureFault.LibraryTooOld => CaptureProblemId.CaptureLibraryTooOld,
        LiveCaptureFault.NotPermitted => CaptureProblemId.CapturePermissionDenied,
        LiveCaptureFault.NoSuchInterface => CaptureProblemId.InterfaceNotFound,
        LiveCaptureFault.InterfaceDown => CaptureProblemId.InterfaceDown,
        LiveCaptureFault.NetworkNamespaceNotFound => CaptureProblemId.NetworkNamespaceNotFound,
        LiveCaptureFault.NetworkNamespaceInvalid => CaptureProblemId.NetworkNamespaceInvalid,
        LiveCaptureFault.NetworkNamespaceAccessDenied => CaptureProblemId.NetworkNamespaceAccessDenied,
        LiveCaptureFault.BadFilter => CaptureProblemId.CaptureFilterInvalid,
        _ => CaptureProblemId.CaptureFailed,
    };

    private static CaptureProblemId IdOf(CaptureFault fault) => fault switch
    {
        CaptureFault.Empty => CaptureProblemId.CaptureEmpty,
        CaptureFault.NotACapture => CaptureProblemId.CaptureFormatUnknown,
        CaptureFault.Truncated => CaptureProblemId.CaptureTruncated,
        _ => CaptureProblemId.CaptureDamaged,
    };
}
