using System.Net;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Live;

/// <summary>An interface on which packets can be captured, as <see cref="ICaptureLibrary.GetInterfaces"/> lists it.</summary>
public sealed record PcapInterface : INaturalOrder<PcapInterface>
{
    /// <summary>The name to open the interface with, such as eth0 or, on Windows, \Device\NPF_{…}.</summary>
    public required string Name { get; init; }

    /// <summary>The system's description of the interface; empty if there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>The IPv4 and IPv6 addresses of the interface. A link-local IPv6 address includes its scope.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Whether it is the loopback interface.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>Whether the interface is switched on.</summary>
    public bool IsUp { get; init; }

    /// <summary>Whether the cable or the radio link works.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Whether it is a radio interface.</summary>
    public bool IsWireless { get; init; }

    /// <summary>Compares two interfaces by name.</summary>
    public int CompareTo(PcapInterface? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
