namespace BrokenPipeTools.Capture.Live;

/// <summary>The reasons why packets cannot be captured.</summary>
public enum LiveCaptureFault
{
    /// <summary>Neither libpcap nor Npcap is installed.</summary>
    LibraryMissing,

    /// <summary>The library is older than libpcap 1.5 (2013).</summary>
    LibraryTooOld,

    /// <summary>This process does not have the permission to capture.</summary>
    NotPermitted,

    /// <summary>No interface has that name.</summary>
    NoSuchInterface,

    /// <summary>The filter is not valid in the language of pcap-filter(7), or cannot be used for this link type.</summary>
    BadFilter,

    /// <summary>The interface exists, but it is down.</summary>
    InterfaceDown,

    /// <summary>The network namespace, or the process that it is named by, does not exist.</summary>
    NetworkNamespaceNotFound,

    /// <summary>The path is not the path of a network namespace.</summary>
    NetworkNamespaceInvalid,

    /// <summary>This process may not enter the network namespace: that needs root (CAP_SYS_ADMIN).</summary>
    NetworkNamespaceAccessDenied,

    /// <summary>Any other problem; the message has libpcap's text.</summary>
    Other,
}
