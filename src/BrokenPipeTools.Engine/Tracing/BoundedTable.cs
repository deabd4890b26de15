using System.Diagnostics.CodeAnalysis;

namespace BrokenPipeTools.Tracing;

/// <summary>A table that removes its oldest entry when it is full.</summary>
internal sealed class BoundedTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (TValue Value, long Number)> _entries = [];
    private readonly Queue<(TKey Key, long Number)> _order = new();
    private long _next;

    /// <summary>The number of entries that were removed because the table was full.</summary>
    public long Forgotten { get; private set; }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        bool isKnown = _entries.TryGetValue(key, out (TValue Value, long Number) entry);
        value = entry.Value;
        return isKnown;
    }

    /// <summary>Returns the value of a key; the default value if there is none.</summary>
    public TValue? GetOrNull(TKey key) => TryGet(key, out TValue? value) ? value : default;

    /// <summary>Sets the value of a key. This makes it the newest entry.</summary>
    public void Set(TKey key, TValue value)
    {
        _entries[key] = (value, ++_next);
        _order.Enqueue((key, _next));
        while (_entries.Count > capacity || _order.Count > capacity * 2L)
        {
            (TKey oldest, long number) = _order.Dequeue();
            if (!_entries.TryGetValue(oldest, out (TValue Value, long Number) entry) || entry.Number != number)
                continue; // the entry was set again or removed since then
            _entries.Remove(oldest);
            Forgotten++;
        }
    }

    public void Remove(TKey key) => _entries.Remove(key);
}
