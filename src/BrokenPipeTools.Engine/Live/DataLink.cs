namespace BrokenPipeTools.Live;

/// <summary>
/// libpcap speaks of DLT_ numbers while it captures and of LINKTYPE_ numbers in files (pcap-common.c). They are the same but for a
/// few that the systems had given out before they agreed.
/// </summary>
internal static class DataLink
{
    public static int ToLinkType(int dataLink) => dataLink switch
    {
        11 => 100, // DLT_ATM_RFC1483
        12 or 14 => 101, // DLT_RAW; 14 on OpenBSD
        _ => dataLink,
    };
}
