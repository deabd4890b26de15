using System.Net;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Live;

/// <summary>An interface that can be captured on, as <see cref="ICaptureLibrary.GetInterfaces"/> lists it.</summary>
public sealed record PcapInterface : INaturalOrder<PcapInterface>
{
    /// <summary>The name that opens a capture: eth0, or \Device\NPF_{…} on Windows.</summary>
    public required string Name { get; init; }

    /// <summary>The system's description; empty if it has none.</summary>
    public string Description { get; init; } = "";

    /// <summary>The IPv4 and IPv6 addresses; a link-local IPv6 address has its scope.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The loopback interface.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>Whether the interface is switched on.</summary>
    public bool IsUp { get; init; }

    /// <summary>Whether the cable or the radio link works.</summary>
    public bool IsRunning { get; init; }

    /// <summary>A radio interface.</summary>
    public bool IsWireless { get; init; }

    /// <summary>Compares by name.</summary>
    public int CompareTo(PcapInterface? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
