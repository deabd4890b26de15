using System.Reflection;
using System.Runtime.InteropServices;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Live;

/// <summary>Finds the native capture library: libpcap, or Npcap on Windows.</summary>
internal static class PcapLibrary
{
    /// <summary>The name that the function declarations use; the resolver puts a real one in its place.</summary>
    public const string Name = "libpcap";

    private static readonly Lazy<nint> Loaded = new(() => Load(Candidates()));

    /// <summary>Set before the first call of a native function: those are declared in a class that asks for this one first.</summary>
    static PcapLibrary() => NativeLibrary.SetDllImportResolver(typeof(PcapLibrary).Assembly, Resolve);

    /// <summary>Makes sure that the library is there.</summary>
    /// <exception cref="LiveCaptureException">It is not.</exception>
    public static void Require() => Require(Loaded.Value);

    internal static void Require(nint library)
    {
        if (library == 0)
            throw LiveCaptureFaults.LibraryMissing();
    }

    /// <summary>The first of these files that can be loaded; 0 where none can.</summary>
    internal static nint Load(IEnumerable<string> candidates)
    {
        foreach (string candidate in candidates)
        {
            // wpcap.dll wants the Packet.dll beside it, which is on no search path.
            string besides = Path.Combine(Path.GetDirectoryName(candidate) ?? "", "Packet.dll");
            if (OperatingSystem.IsWindows() && Path.IsPathRooted(candidate) && File.Exists(besides))
                NativeLibrary.TryLoad(besides, out _);
            if (NativeLibrary.TryLoad(candidate, out nint library))
                return library;
        }

        return 0;
    }

    /// <summary>
    /// Names with a version come first: those without belong to the development package. Debian and its descendants call the first
    /// version 0.8. Npcap has a folder of its own so as not to replace the old WinPcap.
    /// </summary>
    private static string[] Candidates() => OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.SystemDirectory, "Npcap", "wpcap.dll"), "wpcap.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libpcap.A.dylib", "libpcap.dylib", "/usr/lib/libpcap.A.dylib"]
            : ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so"];

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == Name ? Loaded.Value : 0;
}
