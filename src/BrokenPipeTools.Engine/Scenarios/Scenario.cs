using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// One way to a broken pipe, played with real sockets on this machine. A scenario is a class in a file of its own under
/// <c>Faults</c>: its summary, the expected result of every call, and the expected packets. Its name is that of the class.
/// </summary>
internal abstract class Scenario
{
    private protected Scenario()
    {
    }

    /// <summary>The name.</summary>
    public string Name => GetType().Name;

    /// <summary>The summary, in a sentence or two.</summary>
    public abstract string Summary { get; }

    /// <summary>The privileges and commands that it needs.</summary>
    public virtual ScenarioNeeds Needs => ScenarioNeeds.None;

    /// <summary>How each connection must look in the packets, in the order in which they begin; empty if it sends no packets.</summary>
    public abstract IReadOnlyList<ExpectedClose> Packets { get; }

    /// <summary>The expected cause of the diagnosis; null if it sends no packets.</summary>
    public Cause? ExpectedCause => Packets.Count == 0 ? null : Packets[^1].Cause;

    /// <summary>Its effect on this machine during the run, as text for <c>-WhatIf</c>. No change remains after the run.</summary>
    public virtual string Effect => Needs.HasFlag(ScenarioNeeds.Root)
        ? "make network namespaces with a firewall between them, and run the scenario in them"
        : "open a listener on the loopback interface, and connect to it";

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the calls, each with its expected result.</summary>
    internal abstract void Play(Stage stage);
}
