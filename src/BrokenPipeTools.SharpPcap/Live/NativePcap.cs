using System.Reflection;
using System.Runtime.InteropServices;
using SharpPcap.LibPcap;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// The two functions of libpcap that SharpPcap does not provide in a usable form: its Statistics.DroppedPackets is always 0 on 64-bit Unix (it reads
/// three longs from a structure of three 32-bit counters), and its selectable descriptor is private.
/// </summary>
internal static class NativePcap
{
    private const string Library = "libpcap";

    /// <summary>
    /// The names of the library, in the same order as in SharpPcap (LibPcapSafeNativeMethods.Resolver.cs): both must use the same library, because
    /// they share handles. On Windows, SharpPcap adds Npcap's folder to the search path.
    /// </summary>
    private static readonly string[] Candidates = OperatingSystem.IsWindows() ? [Path.Combine(Environment.SystemDirectory, "Npcap", "wpcap.dll"), "wpcap.dll"]
        : OperatingSystem.IsMacOS() ? ["libpcap.dylib"]
        : ["libpcap.so", "libpcap.so.0", "libpcap.so.0.8", "libpcap.so.1"];

    private static readonly Lazy<nint> Loaded = new(() => Load(Candidates));

    static NativePcap() => NativeLibrary.SetDllImportResolver(typeof(NativePcap).Assembly, Resolve);

    /// <summary>Whether the library can be loaded.</summary>
    public static bool IsInstalled => Loaded.Value != 0;

    /// <summary>The struct pcap_stat. Windows adds three more counters.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Counters
    {
        public readonly uint Received;
        public readonly uint Dropped;
        public readonly uint DroppedByInterface;
        private readonly uint _captured;
        private readonly uint _sent;
        private readonly uint _droppedByNetwork;
    }

    /// <summary>Reads the counters. Returns 0, or a negative number if there is an error.</summary>
    [DllImport(Library, EntryPoint = "pcap_stats")]
    public static extern int GetCounters(PcapHandle handle, out Counters counters);

    /// <summary>Returns the descriptor of a device for poll(2); -1 if it has none. Not on Windows.</summary>
    [DllImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    public static extern int GetSelectableDescriptor(PcapHandle handle);

    /// <summary>Loads the first library that can be loaded; returns 0 if none can.</summary>
    internal static nint Load(IEnumerable<string> candidates)
    {
        foreach (string candidate in candidates)
        {
            // wpcap.dll needs Packet.dll from the same folder, which is not in the search path.
            if (Path.GetDirectoryName(candidate) is { Length: > 0 } folder)
                NativeLibrary.TryLoad(Path.Combine(folder, "Packet.dll"), out _);
            if (NativeLibrary.TryLoad(candidate, out nint library))
                return library;
        }

        return 0;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == Library ? Loaded.Value : 0;
}
