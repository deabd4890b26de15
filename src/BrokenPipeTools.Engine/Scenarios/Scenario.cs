using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// One way to a broken pipe, played with real sockets on this machine. A scenario is a class in a file of its own under
/// <c>Faults</c>: what it shows, what every call must return, and how the packets must look. Its name is the class's.
/// </summary>
internal abstract class Scenario
{
    private protected Scenario()
    {
    }

    /// <summary>What people call it by.</summary>
    public string Name => GetType().Name;

    /// <summary>What it shows, in a sentence or two.</summary>
    public abstract string Summary { get; }

    /// <summary>What it cannot be played without.</summary>
    public virtual ScenarioNeeds Needs => ScenarioNeeds.None;

    /// <summary>How each connection must look in the packets, in the order in which they begin; empty for what sends no packets.</summary>
    public abstract IReadOnlyList<ExpectedClose> Packets { get; }

    /// <summary>What the diagnosis should name; null if there are no packets to diagnose.</summary>
    public Cause? ExpectedCause => Packets.Count == 0 ? null : Packets[^1].Cause;

    /// <summary>What it does on this machine during the run, as text for <c>-WhatIf</c>. No change remains after the run.</summary>
    public virtual string Effect => Needs.HasFlag(ScenarioNeeds.Root)
        ? "make network namespaces with a firewall between them, and run the scenario in them"
        : "open a listener on the loopback interface, and connect to it";

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the calls, each with its expected result.</summary>
    internal abstract void Play(Stage stage);
}
