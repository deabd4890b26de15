using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>A line of a summary: the number of connections that share a property. Times are UTC.</summary>
public sealed class SummaryLine : INaturalOrder<SummaryLine>
{
    /// <summary>The property that they share.</summary>
    public required SummaryGroup Group { get; init; }

    /// <summary>The value of that property: <c>MiddleboxReset</c>, <c>Reset</c>, <c>Server</c>, <c>443</c>, <c>10.0.0.1 > 10.0.0.2:443</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The number of connections.</summary>
    public required long Count { get; init; }

    /// <summary>The share of all connections, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>How many of them ended in trouble: with a cause other than a proper close, a probe or a connection still open.</summary>
    public required long Troubled { get; init; }

    /// <summary>The time when the first of them began; null for none.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>The time of the last segment of any of them.</summary>
    public DateTime? EndTime { get; init; }

    /// <summary>The number of connections in the earlier summary, for the total and for each cause. Null if there is none.</summary>
    public long? ReferenceCount { get; init; }

    /// <summary>The share of these connections in the earlier summary, from 0 to 1. Null if there is none.</summary>
    public double? ReferenceShare { get; init; }

    /// <summary>The change of the share.</summary>
    public ShareChange Change { get; init; }

    /// <summary>At most three of the connections; those in trouble before others.</summary>
    public RecordList<SummaryExample> Examples { get; init; } = [];

    /// <summary>Compares by group, and within a group by name.</summary>
    public int CompareTo(SummaryLine? other) => other is null
        ? 1
        : Group.CompareTo(other.Group) is not 0 and var byGroup ? byGroup : string.CompareOrdinal(Name, other.Name);

    /// <summary>Returns the line in short.</summary>
    public override string ToString() => DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"{Group} {Name}: {Count} ({Share * 100:0.0} %)"));
}
