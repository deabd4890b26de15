using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Live;

/// <summary>A <c>pcap_t</c>.</summary>
internal sealed class PcapHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public PcapHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibPcap.Close(handle);
        return true;
    }
}
