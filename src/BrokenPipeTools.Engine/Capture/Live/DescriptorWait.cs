using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Live;

/// <summary>Calls poll(2), because .NET cannot wait for a file descriptor.</summary>
internal static class DescriptorWait
{
    private const short PollIn = 1;

    /// <summary>Waits until the descriptor can be read, or the time is over.</summary>
    public static void ForReading(int descriptor, int milliseconds)
    {
        PollEntry[] entry = [new PollEntry { Descriptor = descriptor, Events = PollIn }];
        _ = Poll(entry, 1, milliseconds); // the result is not needed: if there is an error, the next read returns it
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll([In, Out] PollEntry[] entries, nuint count, int timeout);

    /// <summary>The struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
