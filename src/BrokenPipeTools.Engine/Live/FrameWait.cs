namespace BrokenPipeTools.Live;

/// <summary>
/// How to wait for the next frame. On Linux libpcap itself would wait without end where its buffer is packed (TPACKET_V3: the kernel
/// wakes nobody while nothing comes), so it is asked without waiting and poll(2) waits in its place. Elsewhere libpcap keeps to the
/// timeout it was given.
/// </summary>
internal sealed class FrameWait
{
    private readonly int _descriptor = -1;

    public FrameWait(PcapHandle handle, string name)
    {
        LibraryWaits = !OperatingSystem.IsLinux();
        if (LibraryWaits)
            return;
        byte[] error = new byte[LibPcap.ErrorBufferSize];
        if (LibPcap.SetNonBlocking(handle, 1, error) != 0)
            throw LiveCaptureFaults.Other(name, LibPcap.Text(error));
        _descriptor = LibPcap.GetSelectableDescriptor(handle);
    }

    /// <summary>Asking for a frame waits for one already.</summary>
    public bool LibraryWaits { get; }

    /// <summary>Waits until there is something to read, or the time is over.</summary>
    public void For(int milliseconds)
    {
        if (LibraryWaits)
            return;
        if (_descriptor < 0)
        {
            Thread.Sleep(Math.Min(milliseconds, 10)); // an unusual device; its buffer lasts longer than that
            return;
        }

        DescriptorWait.ForReading(_descriptor, milliseconds);
    }
}
