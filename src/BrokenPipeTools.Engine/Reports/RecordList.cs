using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Reports;

/// <summary>An immutable list whose ToString returns its items, so that a list in one table cell shows them.</summary>
[CollectionBuilder(typeof(RecordList), nameof(RecordList.Create))]
public sealed class RecordList<T> : ReadOnlyCollection<T>
{
    internal RecordList(T[] items)
        : base(items)
    {
    }

    /// <summary>Returns the items, separated by ; .</summary>
    public override string ToString() => string.Join("; ", this);
}

/// <summary>Makes a <see cref="RecordList{T}"/>.</summary>
public static class RecordList
{
    /// <summary>Returns a list of these items.</summary>
    public static RecordList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
