using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Live;

/// <summary>What stood in the way of a capture, and what to do about it.</summary>
internal static class LiveCaptureFaults
{
    private const int NamesShown = 20;

    public static LiveCaptureException LibraryMissing() => new(LiveCaptureFault.LibraryMissing, null, "no capture library is installed: " + (
        OperatingSystem.IsWindows() ? "install Npcap from https://npcap.com"
        : OperatingSystem.IsMacOS() ? "macOS brings libpcap with it, but it cannot be loaded; brew install libpcap is another"
        : "install libpcap (Debian, Ubuntu: apt-get install libpcap0.8; Fedora, RHEL: dnf install libpcap; Alpine: apk add libpcap)"));

    /// <summary>After pcap_activate failed.</summary>
    public static LiveCaptureException Activation(PcapHandle handle, string name, int status) => status switch
    {
        LibPcap.ErrorPermissionDenied or LibPcap.ErrorPromiscuousPermissionDenied => NotPermitted(name),
        LibPcap.ErrorNoSuchDevice => NoSuchInterface(name),
        LibPcap.ErrorInterfaceNotUp => new LiveCaptureException(LiveCaptureFault.InterfaceDown, name, $"{name}: the interface is down{(OperatingSystem.IsLinux() ? $"; bring it up: sudo ip link set {name} up" : "")}"),
        _ => Other(handle, name, status),
    };

    public static LiveCaptureException BadFilter(PcapHandle handle, string name, string filter) =>
        new(LiveCaptureFault.BadFilter, name, $"{name}: the capture filter '{filter}' is not valid: {LibPcap.Text(LibPcap.LastError(handle))}. The language is that of pcap-filter(7): 'tcp port 443', 'host 10.0.0.1 and not port 22'");

    public static LiveCaptureException Other(PcapHandle handle, string name, int status)
    {
        string words = LibPcap.Text(LibPcap.LastError(handle));
        return Other(name, words.Length > 0 ? words : LibPcap.Text(LibPcap.StatusText(status)));
    }

    public static LiveCaptureException Other(string? name, string words) =>
        new(LiveCaptureFault.Other, name, name is null ? words : $"{name}: {words}");

    private static LiveCaptureException NotPermitted(string name)
    {
        string remedy = OperatingSystem.IsWindows()
            ? "run as Administrator, or install Npcap without \"Restrict Npcap driver's access to Administrators only\""
            : OperatingSystem.IsMacOS()
                ? "run as root, or install Wireshark's ChmodBPF"
                : $"run as root, or grant the right to this program: sudo setcap cap_net_raw,cap_net_admin=eip '{Environment.ProcessPath}'";
        return new LiveCaptureException(LiveCaptureFault.NotPermitted, name, $"{name}: this user may not capture packets; {remedy}");
    }

    private static LiveCaptureException NoSuchInterface(string name)
    {
        List<string> names;
        try
        {
            names = [.. PcapInterface.GetAll().Select(i => i.Name)];
        }
        catch (LiveCaptureException)
        {
            names = []; // the first complaint is the one to make
        }

        string there = names.Count == 0 ? "none can be seen" : string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
        return new LiveCaptureException(LiveCaptureFault.NoSuchInterface, name, $"{name}: no such interface; there are: {there}");
    }
}
