using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Live;

/// <summary>Compiles a filter of pcap-filter(7) and sets it on a capture.</summary>
internal static class CaptureFilter
{
    /// <summary>Before libpcap 1.8 the compiler kept its state in global variables.</summary>
    private static readonly object Compiler = new();

    /// <exception cref="LiveCaptureException">The filter is not valid.</exception>
    public static void Apply(PcapHandle handle, string name, string filter)
    {
        LibPcap.FilterProgram program;
        lock (Compiler)
        {
            if (LibPcap.Compile(handle, out program, filter, optimize: 1, LibPcap.NetmaskUnknown) != 0)
                throw LiveCaptureFaults.BadFilter(handle, name, filter);
        }

        try
        {
            int status = LibPcap.SetFilter(handle, ref program);
            if (status != 0)
                throw LiveCaptureFaults.Other(handle, name, status);
        }
        finally
        {
            LibPcap.FreeCode(ref program);
        }
    }
}
