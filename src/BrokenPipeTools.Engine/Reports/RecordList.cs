using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Reports;

/// <summary>An immutable list whose text is that of its items, so that a list in one cell shows them.</summary>
[CollectionBuilder(typeof(RecordList), nameof(RecordList.Create))]
public sealed class RecordList<T> : ReadOnlyCollection<T>
{
    internal RecordList(T[] items)
        : base(items)
    {
    }

    /// <summary>The items, separated by <c>; </c>.</summary>
    public override string ToString() => string.Join("; ", this);
}

/// <summary>Makes a <see cref="RecordList{T}"/>.</summary>
public static class RecordList
{
    /// <summary>A list of these items.</summary>
    public static RecordList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
