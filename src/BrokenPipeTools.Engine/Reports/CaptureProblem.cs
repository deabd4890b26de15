using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;

namespace BrokenPipeTools.Reports;

/// <summary>The problem of a capture that could not be read, or not to its end: an id for scripts, and a message for people.</summary>
public sealed record CaptureProblem(CaptureProblemId Id, string Path, string Message)
{
    /// <summary>Whether everything in the file was reported, so that it is only a warning: the last record is incomplete, or a file is in the wrong order.</summary>
    public bool IsWarning => Id is CaptureProblemId.CaptureTruncated or CaptureProblemId.CaptureOutOfOrder;

    /// <summary>Returns the message.</summary>
    public override string ToString() => DisplayText.Of(Message);

    /// <summary>Returns the problem for an exception that opening, reading or analyzing a capture threw.</summary>
    public static CaptureProblem From(Exception exception, string path) => exception switch
    {
        CaptureFormatException damage => new CaptureProblem(IdOf(damage.Fault), path, damage.Message),
        LiveCaptureException live => new CaptureProblem(IdOf(live.Fault), live.InterfaceName ?? path, live.Message),
        CaptureWriteException { IsThereAlready: true } there => new CaptureProblem(CaptureProblemId.CaptureFileExists, there.Path, $"{there.Path}: file exists; use -Force (--force) to overwrite it"),
        CaptureWriteException write => new CaptureProblem(CaptureProblemId.CaptureWriteFailed, write.Path, write.Message),
        FileNotFoundException or DirectoryNotFoundException => new CaptureProblem(CaptureProblemId.CaptureNotFound, path, $"{(path.Length > 0 ? path : "''")}: no such file"),
        UnauthorizedAccessException or IOException when Directory.Exists(path) => new CaptureProblem(CaptureProblemId.CaptureIsDirectory, path, $"{path}: a directory; give the captures in it"),
        UnauthorizedAccessException => new CaptureProblem(CaptureProblemId.CaptureAccessDenied, path, $"{path}: permission denied; this user cannot read it"),
        IOException => new CaptureProblem(CaptureProblemId.CaptureReadFailed, path, $"{path}: {exception.Message}"),
        _ => new CaptureProblem(CaptureProblemId.CaptureAnalysisFailed, path, $"{path}: {exception.GetType().Name}: {exception.Message}; this is an error in BrokenPipeTools, please report it"),
    };

    /// <summary>Returns the problem of a capture in which no frame could be decoded.</summary>
    /// <param name="path">The capture.</param>
    /// <param name="linkType">The LINKTYPE_ number of its newest frame.</param>
    /// <param name="frames">How many frames it has.</param>
    internal static CaptureProblem OfLinkType(string path, int linkType, long frames) =>
        new(CaptureProblemId.LinkTypeUnsupported, path, string.Create(CultureInfo.InvariantCulture, $"{path}: link type {linkType} is not supported; none of its {frames} frames could be decoded"));

    /// <summary>Describes why the files of a series are not one capture in its order. Returns null if they are.</summary>
    internal static CaptureProblem? OrderOf(CaptureSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.FirstOutOfOrder is { } earlier)
            return new CaptureProblem(CaptureProblemId.CaptureOutOfOrder, earlier, $"{earlier}: begins before the previous file; give the oldest file first, files are not sorted");
        return series.FirstOverlapping is { } overlapping
            ? new CaptureProblem(CaptureProblemId.CaptureOutOfOrder, overlapping, $"{overlapping}: begins before the previous file ends; merge captures of the same time (mergecap)")
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
