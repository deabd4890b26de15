using System.Globalization;
using BrokenPipeTools.Lab;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Robustness;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>A scenario leaves no change on this machine, whenever it is stopped. These tests examine the whole process, so they run alone.</summary>
[Collection(nameof(WholeProcess))]
public sealed class NothingLeftTests
{
    private const int Runs = 24;
    private const int LongestMilliseconds = 1_500;

    [PrivilegedFact]
    public void A_scenario_that_is_canceled_at_any_moment_leaves_nothing()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        (Scenario Scenario, bool IPv6, int After)[] runs = [.. Enumerable.Range(0, Runs).Select(_ =>
            (random.GetItems(PrivilegedRight.Runnable.ToArray(), 1)[0], random.Next(2) == 1, random.Next(LongestMilliseconds)))];
        string before = Machine();
        string[] namespaces = Namespaces();
        PlayUntil(runs[0].Scenario, false, LongestMilliseconds); // assemblies that the first run loads stay loaded
        int descriptors = Descriptors();
        int canceled = 0;

        Parallel.ForEach(runs, new ParallelOptions { MaxDegreeOfParallelism = 6 }, run =>
        {
            if (PlayUntil(run.Scenario, run.IPv6, run.After))
                Interlocked.Increment(ref canceled);
        });

        Assert.True(canceled > 0, $"no run was canceled (seed {seed})");
        Until(() => !Namespaces().Except(namespaces).Any(), () => $"a thread is still in {Namespaces().Except(namespaces).FirstOrDefault()} (seed {seed})");
        Until(() => Descriptors() <= descriptors + 4, () => $"{Descriptors()} descriptors are open, not {descriptors} (seed {seed})");
        Assert.Equal(before, Machine());
    }

    [PrivilegedFact]
    public void A_scenario_that_is_killed_in_the_middle_leaves_nothing()
    {
        string before = Machine();
        string[] namespaces = NamespacesOfAll();
        string program = Path.Combine(AppContext.BaseDirectory, "brokenpipe.dll");
        using ChildProgram process = ChildProgram.Start("dotnet", program, "scenario", "KeepAliveDeadPath");
        Until(() => OpenNamespaces(process.Id) == 3, () => "it did not make its three hosts");

        process.Kill(); // SIGKILL

        Until(() => !NamespacesOfAll().Except(namespaces).Any(), () => "a process lives in a namespace that was made for the scenario");
        Assert.Equal(before, Machine());
    }

    [PrivilegedFact]
    public void The_firewall_and_the_variables_of_this_machine_are_not_touched()
    {
        string before = Machine();

        foreach (string name in new[] { "StateExpiredDrop", "AcceptQueueOverflowReset" })
            RanScenario.Again(name, ipv6: false).Check();

        Assert.Equal(before, Machine());
    }

    /// <summary>True if the scenario was canceled before its end.</summary>
    private static bool PlayUntil(Scenario scenario, bool ipv6, int milliseconds)
    {
        using CancellationTokenSource source = new(milliseconds);
        try
        {
            ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6, CaptureLibrary = CaptureLibrary.Instance }, source.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Returns everything outside the scenario that it could have changed by mistake.</summary>
    private static string Machine() => string.Join('\n', [
        Output("ip", "-brief", "link"),
        Output("ip", "netns", "list"),
        Output("ip", "route", "show", "table", "all"),
        Output("nft", "list", "ruleset"),
        .. new[] { "ipv4/tcp_syn_retries", "ipv4/tcp_abort_on_overflow", "ipv4/tcp_syncookies", "ipv4/tcp_fin_timeout", "ipv4/tcp_orphan_retries", "ipv4/conf/all/forwarding", "netfilter/nf_conntrack_tcp_loose", "netfilter/nf_conntrack_tcp_timeout_established" }
            .Select(name => "/proc/sys/net/" + name)
            .Where(File.Exists)
            .Select(path => $"{path} = {File.ReadAllText(path)}")]);

    /// <summary>Returns the network namespaces of this process's threads.</summary>
    private static string[] Namespaces() => [.. Links(Directory.GetDirectories("/proc/self/task").Select(task => task + "/ns/net")).Distinct()];

    /// <summary>Returns the network namespaces of all processes.</summary>
    private static string[] NamespacesOfAll() => [.. Links(Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])).Select(process => process + "/ns/net")).Distinct()];

    /// <summary>Returns how many namespaces a process holds open.</summary>
    private static int OpenNamespaces(int process)
    {
        try
        {
            return Links(Directory.GetFiles($"/proc/{process}/fd")).Count(target => target.StartsWith("net:", StringComparison.Ordinal));
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private static IEnumerable<string> Links(IEnumerable<string> paths) => paths.Select(TargetOf).OfType<string>();

    /// <summary>Returns the target of a link; null if it was removed in the meantime.</summary>
    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget; // a descriptor or a namespace has the text net:[4026531840]
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static string Output(string command, params string[] arguments)
    {
        ProgramResult result = ChildProgram.Run(command, arguments);
        return string.Create(CultureInfo.InvariantCulture, $"{command} {result.ExitCode}: {result.Output}");
    }

    private static void Until(Func<bool> reached, Func<string> otherwise)
    {
        for (long begin = Environment.TickCount64; !reached(); Thread.Yield())
            Assert.True(Environment.TickCount64 - begin < 60_000, otherwise());
    }
}
