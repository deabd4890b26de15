namespace BrokenPipeTools.Reports;

/// <summary>The problems of a capture as a whole. The names are the error ids for scripts.</summary>
public enum CaptureProblemId
{
    /// <summary>The file does not exist.</summary>
    CaptureNotFound,

    /// <summary>The path is that of a directory.</summary>
    CaptureIsDirectory,

    /// <summary>The file has no bytes.</summary>
    CaptureEmpty,

    /// <summary>The file is not a capture.</summary>
    CaptureFormatUnknown,

    /// <summary>The file ends in the middle of a record. A warning: everything before is reported.</summary>
    CaptureTruncated,

    /// <summary>A file of a series begins before the previous file begins or ends. A warning: the files are read in the given order.</summary>
    CaptureOutOfOrder,

    /// <summary>The file is damaged from some byte on. Connections before it are reported.</summary>
    CaptureDamaged,

    /// <summary>The link type of the file's frames is not supported.</summary>
    LinkTypeUnsupported,

    /// <summary>The file may not be read.</summary>
    CaptureAccessDenied,

    /// <summary>The operating system could not read the file.</summary>
    CaptureReadFailed,

    /// <summary>The packets of a record are no longer in its capture. Those that are still there were copied.</summary>
    CaptureChanged,

    /// <summary>The file for the packets could not be written.</summary>
    CaptureWriteFailed,

    /// <summary>The file for the packets exists already.</summary>
    CaptureFileExists,

    /// <summary>Neither libpcap nor Npcap is installed.</summary>
    CaptureLibraryMissing,

    /// <summary>The capture library is older than libpcap 1.5 (2013).</summary>
    CaptureLibraryTooOld,

    /// <summary>This user may not capture packets.</summary>
    CapturePermissionDenied,

    /// <summary>No interface has that name.</summary>
    InterfaceNotFound,

    /// <summary>The interface is down.</summary>
    InterfaceDown,

    /// <summary>The capture filter is not valid.</summary>
    CaptureFilterInvalid,

    /// <summary>The network namespace or process does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not that of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>The network namespace may not be entered: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>Capturing failed in another way.</summary>
    CaptureFailed,

    /// <summary>The analysis itself failed: a fault of this program.</summary>
    CaptureAnalysisFailed,
}
