using System.Diagnostics;

namespace BrokenPipeTools.Testing.Processes;

/// <summary>The resources that this process uses. Use it only in tests that run alone.</summary>
internal sealed record Footprint(long Memory, int Threads, int Handles)
{
    /// <summary>Finalizes the objects of earlier tests, so that they do not change the measured memory.</summary>
    public static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    public static Footprint Now()
    {
        Settle();
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        using Process self = Process.GetCurrentProcess();
        return new Footprint(memory, self.Threads.Count, OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : self.HandleCount);
    }

    public void IsNoLargerThan(Footprint before)
    {
        // The thread pool may add threads at any time, and each of them has a handle.
        Assert.True(Threads <= before.Threads + 16, $"{before.Threads} threads have become {Threads}");
        Assert.True(Handles <= before.Handles + 16, $"{before.Handles} handles have become {Handles}");
        Assert.True(Memory <= before.Memory + (4 << 20), $"{before.Memory} bytes have become {Memory}");
    }
}
