namespace BrokenPipeTools.Primitives;

/// <summary>
/// A record with a natural order: by frame, by number, by name. It is the order of the type's DefaultKeyPropertySet, by
/// which Sort-Object goes; -lt, [array]::Sort and sorted sets ask the object itself, and the untyped way.
/// </summary>
/// <typeparam name="T">The output itself.</typeparam>
internal interface INaturalOrder<T> : IComparable<T>, IComparable
    where T : class, INaturalOrder<T>
{
    /// <exception cref="ArgumentException">The other is something else.</exception>
    int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        T other => CompareTo(other),
        _ => throw new ArgumentException($"a {typeof(T).Name} cannot be compared with a {obj.GetType().Name}", nameof(obj)),
    };
}
