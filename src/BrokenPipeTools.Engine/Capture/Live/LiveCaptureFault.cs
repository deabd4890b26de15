namespace BrokenPipeTools.Capture.Live;

/// <summary>The reasons why packets cannot be captured.</summary>
public enum LiveCaptureFault
{
    /// <summary>Neither libpcap nor Npcap is installed.</summary>
    LibraryMissing,

    /// <summary>The library is older than libpcap 1.5 (2013).</summary>
    LibraryTooOld,

    /// <summary>This process may not capture.</summary>
    NotPermitted,

    /// <summary>No interface has that name.</summary>
    NoSuchInterface,

    /// <summary>The filter is not in the language of pcap-filter(7), or not for this link type.</summary>
    BadFilter,

    /// <summary>The interface exists and is down.</summary>
    InterfaceDown,

    /// <summary>The network namespace or process does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not that of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>The network namespace may not be entered: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>Any other problem; the message has libpcap's text.</summary>
    Other,
}
