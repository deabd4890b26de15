using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab.Networks;

namespace BrokenPipeTools.Lab;

/// <summary>
/// One way to a broken pipe, run with real sockets on this machine. Each scenario is a class in its own file of the folder Scenarios: its summary,
/// the expected result of every call, and the expected packets.
/// </summary>
internal abstract class Scenario
{
    private protected Scenario()
    {
    }

    /// <summary>The name: that of the class, without <c>Scenario</c>.</summary>
    public string Name => GetType().Name[..^nameof(Scenario).Length];

    /// <summary>A description in one or two sentences.</summary>
    public abstract string Summary { get; }

    /// <summary>The privileges and commands that the scenario needs.</summary>
    public virtual ScenarioNeeds Needs => ScenarioNeeds.None;

    /// <summary>
    /// The expected closing of each connection in the packets, in the order in which the connections begin; empty if the scenario sends no packets.
    /// </summary>
    public abstract IReadOnlyList<ExpectedClose> Packets { get; }

    /// <summary>The expected cause of the diagnosis; null if the scenario sends no packets.</summary>
    public Cause? ExpectedCause => Packets.Count == 0 ? null : Packets[^1].Cause;

    /// <summary>The effect on this machine during the run, as text for <c>-WhatIf</c>. No change remains after the run.</summary>
    public virtual string Effect => Needs.HasFlag(ScenarioNeeds.Root)
        ? "make network namespaces with a firewall between them, and run the scenario in them"
        : "open a listener on the loopback interface, and connect to it";

    /// <summary>Returns the privilege or command that this process lacks to run the scenario, with the remedy; null if the scenario can run.</summary>
    /// <param name="ipv6">Whether to use IPv6 in place of IPv4.</param>
    public virtual string? Missing(bool ipv6 = false)
    {
        if (Needs.HasFlag(ScenarioNeeds.Unix) && OperatingSystem.IsWindows())
            return "needs Linux or macOS";
        if (Needs.HasFlag(ScenarioNeeds.Linux) && !OperatingSystem.IsLinux())
            return "needs Linux";
        return Packets.Count == 0 ? null : LoopbackNetwork.Missing(ipv6);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the calls, with the expected result of each.</summary>
    internal abstract void Run(ScenarioContext context);
}
