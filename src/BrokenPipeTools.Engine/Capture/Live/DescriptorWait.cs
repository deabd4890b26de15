using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Live;

/// <summary>Calls poll(2), because .NET has no way to wait for a descriptor.</summary>
internal static class DescriptorWait
{
    private const short PollIn = 1;

    /// <summary>Waits until something can be read, or the time is over.</summary>
    public static void ForReading(int descriptor, int milliseconds)
    {
        PollEntry[] entry = [new PollEntry { Descriptor = descriptor, Events = PollIn }];
        _ = Poll(entry, 1, milliseconds); // the result is not needed: the read that follows returns the error
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll([In, Out] PollEntry[] entries, nuint count, int timeout);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
