using BrokenPipeTools.Capture.Live;
using SharpPcap;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>Checks that the capture library of this system is installed and new enough.</summary>
internal static class LibraryCheck
{
    /// <summary>The first version with pcap_set_immediate_mode and pcap_set_tstamp_precision (2013). WinPcap is older.</summary>
    private static readonly Version Oldest = new(1, 5);

    /// <exception cref="LiveCaptureException">The library is missing or too old.</exception>
    public static void Require()
    {
        if (NativePcap.IsInstalled)
            Require(isInstalled: true, Pcap.LibpcapVersion, Pcap.Version);
        else
            Require(isInstalled: false, new Version(), "");
    }

    /// <param name="isInstalled">Whether the library can be loaded.</param>
    /// <param name="version">The version of the library; 0.0 if the library's text contains none.</param>
    /// <param name="text">The library's own text about its version.</param>
    internal static void Require(bool isInstalled, Version version, string text)
    {
        if (!isInstalled)
            throw LiveCaptureFaults.LibraryMissing();
        if (version < Oldest)
            throw LiveCaptureFaults.LibraryTooOld(text, Oldest);
    }
}
