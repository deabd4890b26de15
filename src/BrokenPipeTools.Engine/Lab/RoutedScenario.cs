using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Lab.Networks;

namespace BrokenPipeTools.Lab;

/// <summary>A scenario between two hosts in network namespaces, with a router between them that can be a firewall or a slow path.</summary>
internal abstract class RoutedScenario : Scenario
{
    private protected RoutedScenario()
    {
    }

    /// <inheritdoc/>
    public sealed override ScenarioNeeds Needs => ScenarioNeeds.Root;

    /// <summary>Whether the path is slow, so that packets can cross.</summary>
    private protected virtual bool SlowPath => false;

    /// <summary>Whether client and server are on the same link.</summary>
    private protected virtual bool ServerOnLink => false;

    /// <summary>The command that the scenario needs in addition to ip.</summary>
    private protected virtual string Command => "nft";

    /// <exception cref="PlatformNotSupportedException">The system is not Linux. <see cref="Missing"/> has the reason in words.</exception>
    internal TestNetwork NetworkFor(AddressFamily family) => OperatingSystem.IsLinux()
        ? new RoutedNetwork(family) { Delay = SlowPath ? RoutedNetwork.SlowPath : 0, ServerOnLink = ServerOnLink }
        : throw new PlatformNotSupportedException("network namespaces need Linux");

    /// <inheritdoc/>
    public sealed override string? Missing(bool ipv6 = false) => NetworkRights.Missing(["ip", Command, SystemCommand.Launcher], SlowPath, ipv6);
}
