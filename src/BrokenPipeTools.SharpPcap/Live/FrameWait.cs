using BrokenPipeTools.Capture.Live;
using SharpPcap;
using SharpPcap.LibPcap;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// Waits for the next frame. On Linux libpcap itself could wait forever if its buffer is packed (TPACKET_V3: the kernel does not wake the reader
/// while no frame comes). So libpcap is called in non-blocking mode, and poll(2) waits. On other systems the time-out of libpcap works.
/// </summary>
internal sealed class FrameWait
{
    private readonly int _descriptor = -1;

    /// <exception cref="LiveCaptureException">The device cannot be read without waiting.</exception>
    public FrameWait(LibPcapLiveDevice device)
    {
        LibraryWaits = !OperatingSystem.IsLinux();
        if (LibraryWaits)
            return;
        try
        {
            device.NonBlockingMode = true;
        }
        catch (PcapException e)
        {
            throw LiveCaptureFaults.Other(device.Name, e.Message);
        }

        _descriptor = NativePcap.GetSelectableDescriptor(device.Handle);
    }

    /// <summary>Whether the call that reads a frame already waits for one.</summary>
    public bool LibraryWaits { get; }

    /// <summary>Waits until something can be read, or the time is over.</summary>
    public void For(int milliseconds)
    {
        if (LibraryWaits)
            return;
        if (_descriptor < 0)
        {
            Thread.Sleep(Math.Min(milliseconds, 10)); // an unusual device without a descriptor; its buffer is large enough for this time
            return;
        }

        DescriptorWait.ForReading(_descriptor, milliseconds);
    }
}
