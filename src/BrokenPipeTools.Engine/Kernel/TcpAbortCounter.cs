using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// A counter of the Linux kernel that helps to explain why connections were aborted, segments were dropped, or memory was short. A counter that this
/// kernel does not have is not listed.
/// </summary>
public sealed class TcpAbortCounter : INaturalOrder<TcpAbortCounter>
{
    /// <summary>The name in the kernel, which nstat and netstat -s also use.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of event that is counted.</summary>
    public required TcpCounterGroup Group { get; init; }

    /// <summary>The value since the network namespace was made. CurrEstab and the counters of sockstat are current values.</summary>
    public required long Value { get; init; }

    /// <summary>The change of the value during <see cref="Duration"/>; null if there is no earlier reading.</summary>
    public long? Change { get; init; }

    /// <summary>The largest value that the kernel allows; null if there is no limit, or if this process cannot read it.</summary>
    public long? Limit { get; init; }

    /// <summary>The event that is counted, in one sentence; empty for a counter without a description.</summary>
    public required string Meaning { get; init; }

    /// <summary>The meaning of an increase, and its causes.</summary>
    public required string Indicates { get; init; }

    /// <summary>The functions of the kernel that increase the counter.</summary>
    public required string KernelFunction { get; init; }

    /// <summary>The place where the kernel prints the counter: Tcp (/proc/net/snmp), TcpExt (/proc/net/netstat) or sockstat.</summary>
    public required string Section { get; init; }

    /// <summary>The network namespace that was requested, as a path or the id of a process; null for this process's own.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>The time when the counter was read (UTC).</summary>
    public required DateTime Time { get; init; }

    /// <summary>Seconds since the earlier reading; null if there is none.</summary>
    public double? Duration { get; init; }

    /// <summary>Compares two counters by group, and within a group by name.</summary>
    public int CompareTo(TcpAbortCounter? other) => other is null
        ? 1
        : Group.CompareTo(other.Group) is not 0 and var byGroup ? byGroup : string.CompareOrdinal(Name, other.Name);

    /// <summary>Returns whether the counter is listed by default (without -All): it has a description, and its value has changed.</summary>
    public bool IsNotable() => Group != TcpCounterGroup.Other && Change != 0;

    /// <summary>Returns the name and the value of the counter.</summary>
    public override string ToString() => Change is { } change
        ? string.Create(CultureInfo.InvariantCulture, $"{Name} {change:+0;-0;0}")
        : string.Create(CultureInfo.InvariantCulture, $"{Name} {Value}");
}
