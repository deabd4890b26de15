using BrokenPipeTools.Capture.Live;
using SharpPcap;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>Makes the error of a capture that cannot begin: the fault, and its remedy.</summary>
internal static class LiveCaptureFaults
{
    private const int NamesShown = 20;

    private static string HowToInstall =>
        OperatingSystem.IsWindows() ? "install Npcap from https://npcap.com"
        : OperatingSystem.IsMacOS() ? "libpcap is part of macOS, but it cannot be loaded; install another with brew install libpcap"
        : "install libpcap (Debian, Ubuntu: apt-get install libpcap0.8; Fedora, RHEL: dnf install libpcap; Alpine: apk add libpcap)";

    public static LiveCaptureException LibraryMissing() => new(LiveCaptureFault.LibraryMissing, null, $"no capture library is installed: {HowToInstall}");

    public static LiveCaptureException LibraryTooOld(string version, Version oldest) =>
        new(LiveCaptureFault.LibraryTooOld, null, $"the capture library is too old ({version}); version {oldest} or later is needed: {HowToInstall}");

    /// <summary>Returns the error if opening failed with an error code of libpcap.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="error">The code (pcap/pcap.h: PCAP_ERROR_*).</param>
    /// <param name="text">libpcap's own text; may be empty.</param>
    public static LiveCaptureException Activation(string name, PcapError error, string text) => error switch
    {
        PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied => NotPermitted(name),
        PcapError.NoSuchDevice => NoSuchInterface(name),
        PcapError.InterfaceNotUp => new LiveCaptureException(LiveCaptureFault.InterfaceDown, name, $"{name}: the interface is down{(OperatingSystem.IsLinux() ? $"; bring it up: sudo ip link set {name} up" : "")}"),
        _ => Other(name, text.Length > 0 ? text : error.ToString()),
    };

    public static LiveCaptureException BadFilter(string name, string filter, string text) =>
        new(LiveCaptureFault.BadFilter, name, $"{name}: the capture filter '{filter}' is not valid: {text}. Use the syntax of pcap-filter(7): 'tcp port 443', 'host 10.0.0.1 and not port 22'");

    public static LiveCaptureException Other(string? name, string text) =>
        new(LiveCaptureFault.Other, name, name is null ? text : $"{name}: {text}");

    private static LiveCaptureException NotPermitted(string name)
    {
        string remedy = OperatingSystem.IsWindows()
            ? "run as Administrator, or install Npcap without \"Restrict Npcap driver's access to Administrators only\""
            : OperatingSystem.IsMacOS()
                ? "run as root, or install Wireshark's ChmodBPF"
                : $"run as root, or give this program the capability: sudo setcap cap_net_raw,cap_net_admin=eip '{Environment.ProcessPath}'";
        return new LiveCaptureException(LiveCaptureFault.NotPermitted, name, $"{name}: permission denied to capture packets; {remedy}");
    }

    /// <summary>Returns the error for another network namespace; its interfaces are not listed.</summary>
    public static LiveCaptureException NoSuchInterfaceThere(string name) => new(LiveCaptureFault.NoSuchInterface, name, $"{name}: no such interface in that network namespace; 'any' captures on all interfaces there");

    private static LiveCaptureException NoSuchInterface(string name)
    {
        List<string> names;
        try
        {
            names = [.. CaptureLibrary.Devices().Select(device => device.Name)];
        }
        catch (LiveCaptureException)
        {
            names = []; // the first error is reported
        }

        string valid = names.Count == 0 ? "none is visible" : string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
        return new LiveCaptureException(LiveCaptureFault.NoSuchInterface, name, $"{name}: no such interface; valid: {valid}");
    }
}
