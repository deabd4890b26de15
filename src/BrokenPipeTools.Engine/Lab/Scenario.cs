using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab.Networks;

namespace BrokenPipeTools.Lab;

/// <summary>
/// One way to a broken pipe, played with real sockets on this machine. A scenario is a class in a file of its own under
/// <c>Scenarios</c>: what it shows, what every call must return, and how the packets must look. Its name is the class's without <c>Scenario</c>.
/// </summary>
internal abstract class Scenario
{
    private protected Scenario()
    {
    }

    /// <summary>What people call it by.</summary>
    public string Name => GetType().Name[..^nameof(Scenario).Length];

    /// <summary>What it shows, in a sentence or two.</summary>
    public abstract string Summary { get; }

    /// <summary>What it cannot be played without.</summary>
    public virtual ScenarioNeeds Needs => ScenarioNeeds.None;

    /// <summary>How each connection must look in the packets, in the order in which they begin; empty for what sends no packets.</summary>
    public abstract IReadOnlyList<ExpectedClose> Packets { get; }

    /// <summary>What the diagnosis should name; null where there are no packets to diagnose.</summary>
    public Cause? ExpectedCause => Packets.Count == 0 ? null : Packets[^1].Cause;

    /// <summary>What it does on this machine while it is played, as <c>-WhatIf</c> says it. All of it is gone afterwards.</summary>
    public virtual string Effect => Needs.HasFlag(ScenarioNeeds.Root)
        ? "make network namespaces with a firewall between them, and play in them"
        : "open a listener on the loopback interface, and connect to it";

    /// <summary>What this process lacks to run it, and how to get it; null if it can be run.</summary>
    /// <param name="ipv6">Over IPv6 in place of IPv4.</param>
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

    /// <summary>Makes the calls, and says with each what it must return.</summary>
    internal abstract void Run(ScenarioContext context);
}
