using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>Checks whether this process may make network namespaces, and whether the commands to configure them are installed.</summary>
internal static class NetworkRights
{
    /// <summary>CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN: the bits of include/uapi/linux/capability.h.</summary>
    private static readonly (string Name, int Bit)[] Capabilities = [("CAP_NET_ADMIN", 12), ("CAP_NET_RAW", 13), ("CAP_SYS_ADMIN", 21)];

    /// <summary>A kernel variable that every kernel has. If it is not writable, as in a container, no kernel variable is.</summary>
    private const string SomeVariable = "/proc/sys/net/ipv4/tcp_retries2";

    /// <summary>A folder that does not exist if the kernel was built, or started, without IPv6.</summary>
    private const string VariablesOfIPv6 = "/proc/sys/net/ipv6";

    private const string TunDevice = "/dev/net/tun";

    private const int MayWrite = 2; // W_OK, access(2)

    /// <summary>Returns the missing privilege or command, with the remedy; null if nothing is missing.</summary>
    /// <param name="commands">Commands that must be installed.</param>
    /// <param name="tunnel">Whether this program must forward packets itself (<see cref="DelayWire"/>).</param>
    /// <param name="ipv6">Whether IPv6 is used.</param>
    public static string? Missing(IEnumerable<string> commands, bool tunnel, bool ipv6)
    {
        if (!OperatingSystem.IsLinux())
            return "needs root on Linux";
        if (MissingCapabilities() is { Length: > 0 } capabilities)
            return $"needs root ({string.Join(", ", capabilities)}): run this command with sudo, or in a container with --privileged";
        if (commands.FirstOrDefault(command => SystemCommand.Find(command) is null) is { } command)
            return $"needs the command {command}: install {(command == "nft" ? "nftables" : command == SystemCommand.Launcher ? "util-linux" : "iproute2")} (apt-get install, dnf install, apk add)";
        if (Access(SomeVariable, MayWrite) != 0)
            return "needs a writable /proc/sys: run this command outside the container, or in a container with --privileged";
        if (ipv6 && !Directory.Exists(VariablesOfIPv6))
            return "needs IPv6, which this kernel does not have or has disabled";
        return tunnel && Access(TunDevice, MayWrite) != 0 ? $"needs {TunDevice}: modprobe tun, in a container --device {TunDevice}" : null;
    }

    [SupportedOSPlatform("linux")]
    private static string[] MissingCapabilities()
    {
        string line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal)) ?? "CapEff:0";
        ulong effective = ulong.Parse(line.AsSpan("CapEff:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return [.. Capabilities.Where(capability => (effective >> capability.Bit & 1) == 0).Select(capability => capability.Name)];
    }

    [SupportedOSPlatform("linux")]
    [DllImport("libc", EntryPoint = "access")]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
}
