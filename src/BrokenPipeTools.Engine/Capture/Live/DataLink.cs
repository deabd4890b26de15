namespace BrokenPipeTools.Capture.Live;

/// <summary>
/// Translates DLT_ numbers to LINKTYPE_ numbers (pcap-common.c). libpcap uses DLT_ numbers while it captures, and LINKTYPE_ numbers in files. The two
/// are equal except for a few numbers that operating systems had assigned differently.
/// </summary>
internal static class DataLink
{
    /// <summary>Returns the LINKTYPE_ number of a DLT_ number.</summary>
    public static int ToLinkType(int dataLink) => dataLink switch
    {
        11 => 100, // DLT_ATM_RFC1483
        12 or 14 => 101, // DLT_RAW; 14 on OpenBSD
        _ => dataLink,
    };
}
