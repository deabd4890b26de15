using System.Globalization;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Processes;

/// <summary>The fixture for child processes: it bounds every wait, leaves no process, and its children can be interrupted.</summary>
public sealed class ChildProgramTests
{
    private const int InterruptBit = 1 << (UnixSignals.Interrupt - 1);

    [Fact]
    public async Task A_call_that_does_not_return_is_a_timeout()
    {
        using ManualResetEventSlim never = new();
        TimeoutException e = await Assert.ThrowsAsync<TimeoutException>(() => Deadline.Start(() =>
        {
            never.Wait(ChildProgram.MaxWait);
            return 0;
        }, "the test", TimeSpan.FromMilliseconds(50)));
        Assert.StartsWith("the test: nothing within 0.05 s", e.Message, StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public void The_children_of_a_child_are_killed_with_it()
    {
        if (!OperatingSystem.IsLinux())
            return; // the children are looked for in /proc
        string grandchild;
        using (ChildProgram shell = ChildProgram.Start("sh", "-c", "sleep 1000 & echo $!; wait"))
        {
            grandchild = $"/proc/{shell.StandardOutput.ReadLine()}";
            Assert.True(Directory.Exists(grandchild));
        }

        // A zombie may remain until init has waited for it.
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists(grandchild) || File.ReadAllText(grandchild + "/stat").Contains(") Z ", StringComparison.Ordinal), ChildProgram.MaxWait));
    }

    /// <summary>Fails if these tests run with SIGINT ignored (nohup, or <c>&amp;</c> in a script) and the children inherit it.</summary>
    [Fact]
    public void A_child_does_not_ignore_an_interrupt()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string ignored = ChildProgram.Run("cat", "/proc/self/status").Output.Split('\n').Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        Assert.Equal(0L, long.Parse(ignored["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & InterruptBit);
    }

    [Fact]
    public void An_interrupt_ends_a_child()
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram child = ChildProgram.Start("sleep", "1000");
        child.Interrupt();
        Assert.Equal(128 + UnixSignals.Interrupt, child.ExitCode);
    }
}
