using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.History;

/// <summary>A table of limited size: if it is full, a new entry replaces the least recently used one.</summary>
internal sealed class RecentTable<TKey, TEntry>(int capacity)
    where TKey : struct, IEquatable<TKey>, IPacketKey
    where TEntry : class, IReusable, new()
{
    private const int None = -1;

    private readonly Dictionary<TKey, int> _places = new(new PacketKeyComparer<TKey>());
    private readonly List<Place> _list = [];
    private int _newest = None;
    private int _oldest = None;

    /// <summary>The number of entries.</summary>
    public int Count => _places.Count;

    /// <summary>Returns the entry of a key. If the key is new, returns an empty entry.</summary>
    public TEntry this[TKey key]
    {
        get
        {
            if (!_places.TryGetValue(key, out int at))
                _places[key] = at = Begin(key);
            else
                Unlink(at);
            LinkNewest(at);
            return _list[at].Entry;
        }
    }

    /// <summary>Makes a place for a new key. The place is not yet in the order of use.</summary>
    private int Begin(TKey key)
    {
        if (_list.Count < capacity)
        {
            _list.Add(new Place { Key = key });
            return _list.Count - 1;
        }

        int at = _oldest;
        Unlink(at);
        _places.Remove(_list[at].Key);
        _list[at].Key = key;
        _list[at].Entry.Clear();
        return at;
    }

    private void Unlink(int at)
    {
        Place place = _list[at];
        if (place.Newer == None)
            _newest = place.Older;
        else
            _list[place.Newer].Older = place.Older;
        if (place.Older == None)
            _oldest = place.Newer;
        else
            _list[place.Older].Newer = place.Newer;
    }

    private void LinkNewest(int at)
    {
        _list[at].Newer = None;
        _list[at].Older = _newest;
        if (_newest == None)
            _oldest = at;
        else
            _list[_newest].Newer = at;
        _newest = at;
    }

    private sealed class Place
    {
        public required TKey Key { get; set; }

        public TEntry Entry { get; } = new();

        public int Older { get; set; } = None;

        public int Newer { get; set; } = None;
    }
}
