using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>A line of a summary: connections that have something in common, counted. Times are UTC.</summary>
public sealed class SummaryLine : INaturalOrder<SummaryLine>
{
    /// <summary>The property that they have in common.</summary>
    public required SummaryGroup Group { get; init; }

    /// <summary>The value of that property: <c>MiddleboxReset</c>, <c>Reset</c>, <c>Server</c>, <c>443</c>, <c>10.0.0.1 > 10.0.0.2:443</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Connections.</summary>
    public required long Count { get; init; }

    /// <summary>Part of all connections, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Those of them that ended in trouble: a cause other than a proper close, a probe or a connection still open.</summary>
    public required long Troubled { get; init; }

    /// <summary>When the first of them began; null for none.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>When the last of them had its last segment.</summary>
    public DateTime? EndTime { get; init; }

    /// <summary>Connections in the earlier summary: of the total, and of each cause. Null if there is none.</summary>
    public long? ReferenceCount { get; init; }

    /// <summary>Their part of all connections there.</summary>
    public double? ReferenceShare { get; init; }

    /// <summary>How the shares compare.</summary>
    public ShareChange Change { get; init; }

    /// <summary>The first connections, at most three; those in trouble before others.</summary>
    public RecordList<SummaryExample> Examples { get; init; } = [];

    /// <summary>By group, and there by name.</summary>
    public int CompareTo(SummaryLine? other) => other is null
        ? 1
        : Group.CompareTo(other.Group) is not 0 and var byGroup ? byGroup : string.CompareOrdinal(Name, other.Name);

    /// <summary>The line in short.</summary>
    public override string ToString() => DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"{Group} {Name}: {Count} ({Share * 100:0.0} %)"));
}
