using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// A counter of the Linux kernel: why connections were aborted, segments dropped, or memory ran short. A counter that this kernel does
/// not have is not listed.
/// </summary>
public sealed class TcpAbortCounter : INaturalOrder<TcpAbortCounter>
{
    /// <summary>The kernel's name, as <c>nstat</c> and <c>netstat -s</c> take it from the same files.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of event.</summary>
    public required TcpCounterGroup Group { get; init; }

    /// <summary>The value since the network namespace was made; of <c>CurrEstab</c> and those of <c>sockstat</c> the value now.</summary>
    public required long Value { get; init; }

    /// <summary>The change over <see cref="Duration"/>; null without an earlier reading.</summary>
    public long? Change { get; init; }

    /// <summary>The largest value that the kernel allows; null if there is none, or it cannot be read here.</summary>
    public long? Limit { get; init; }

    /// <summary>The counted event, in one sentence; empty for a counter without a description.</summary>
    public required string Meaning { get; init; }

    /// <summary>The meaning of a rise, and its causes.</summary>
    public required string Indicates { get; init; }

    /// <summary>The functions of the kernel that count it.</summary>
    public required string KernelFunction { get; init; }

    /// <summary>Where the kernel prints it: <c>Tcp</c> (/proc/net/snmp), <c>TcpExt</c> (/proc/net/netstat) or <c>sockstat</c>.</summary>
    public required string Section { get; init; }

    /// <summary>The network namespace as it was asked for, a path or the id of a process; null for the own.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>When it was read (UTC).</summary>
    public required DateTime Time { get; init; }

    /// <summary>Seconds since the earlier reading; null without one.</summary>
    public double? Duration { get; init; }

    /// <summary>By group, and there by name.</summary>
    public int CompareTo(TcpAbortCounter? other) => other is null
        ? 1
        : Group.CompareTo(other.Group) is not 0 and var byGroup ? byGroup : string.CompareOrdinal(Name, other.Name);

    /// <summary>Whether it is listed by default (without -All): its meaning is known, and its value has changed.</summary>
    public bool IsNotable() => Group != TcpCounterGroup.Other && Change != 0;

    /// <summary>Name and number.</summary>
    public override string ToString() => Change is { } change
        ? string.Create(CultureInfo.InvariantCulture, $"{Name} {change:+0;-0;0}")
        : string.Create(CultureInfo.InvariantCulture, $"{Name} {Value}");
}
