using System.Runtime.InteropServices;

namespace BrokenPipeTools.Testing.Networks;

/// <summary>A network namespace of the calling thread, which is removed when the thread ends.</summary>
internal static class NetworkNamespace
{
    private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET

    public static int Unshare() => Unshare(NewNetwork);

    [DllImport("libc", EntryPoint = "unshare")]
    private static extern int Unshare(int flags);
}
