namespace BrokenPipeTools.Primitives;

/// <summary>
/// A record with a natural order, such as by frame, number or name. It is the order of the type's DefaultKeyPropertySet, by which Sort-Object sorts.
/// -lt, [array]::Sort and sorted sets call the object's untyped IComparable.
/// </summary>
/// <typeparam name="T">The type of the record itself.</typeparam>
internal interface INaturalOrder<T> : IComparable<T>, IComparable
    where T : class, INaturalOrder<T>
{
    /// <exception cref="ArgumentException">The other object has another type.</exception>
    int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        T other => CompareTo(other),
        _ => throw new ArgumentException($"a {typeof(T).Name} cannot be compared with a {obj.GetType().Name}", nameof(obj)),
    };
}
