using System.Net.Sockets;
using BrokenPipeTools.Scenarios.Networks;

namespace BrokenPipeTools.Scenarios;

/// <summary>A scenario between hosts of its own with a router between them, where a firewall or a slow path can be had.</summary>
public abstract class RoutedScenario : Scenario
{
    private protected RoutedScenario()
    {
    }

    /// <inheritdoc/>
    public sealed override ScenarioNeeds Needs => ScenarioNeeds.Root;

    /// <summary>Packets are under way for a while, so that they can cross.</summary>
    private protected virtual bool SlowPath => false;

    /// <summary>Client and server share a link.</summary>
    private protected virtual bool ServerOnLink => false;

    /// <summary>Commands that are called beside ip.</summary>
    private protected virtual string Command => "nft";

    internal RoutedNetwork NetworkFor(AddressFamily family) =>
        new(family) { Delay = SlowPath ? RoutedNetwork.SlowPath : 0, ServerOnLink = ServerOnLink };

    /// <summary>What this process lacks to play it, and how to get it; null where it can be played.</summary>
    internal string? Missing(bool ipv6) => NetworkRights.Missing(["ip", Command, SystemCommand.Launcher], SlowPath, ipv6);
}
