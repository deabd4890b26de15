namespace BrokenPipeTools.Connections;

/// <summary>
/// Keeps connections in the order of their last activity, to find the least recently active one. To keep the order costs time for every segment, so
/// the table makes this list only when it is half full.
/// </summary>
internal sealed class ActivityList
{
    private const int None = -1;

    private Place[] _places = new Place[64];
    private int _used;
    private int _free = None; // the newest of the free places; each refers to the one that was freed before it
    private int _oldest = None;
    private int _newest = None;

    public Connection? Oldest => _oldest == None ? null : _places[_oldest].Connection;

    /// <summary>
    /// Makes a list of connections that were in no list before. The order is that of their last frames, because times may be wrong; connections
    /// without a frame are ordered by their stream numbers.
    /// </summary>
    public static ActivityList Of(IEnumerable<Connection> connections)
    {
        ActivityList list = new();
        foreach (Connection connection in connections.OrderBy(c => c.LastFrame).ThenBy(c => c.Stream).ToList())
            list.Add(connection);
        return list;
    }

    public void Add(Connection connection)
    {
        int at = TakePlace();
        connection.ActivityPlace = at;
        _places[at].Connection = connection;
        Append(at);
    }

    public void Remove(Connection connection)
    {
        int at = connection.ActivityPlace;
        Detach(at);
        _places[at] = new Place { Older = _free };
        _free = at;
    }

    /// <summary>Moves a connection that was just active to the end of the list.</summary>
    public void MoveToNewest(Connection connection)
    {
        int at = connection.ActivityPlace;
        if (at == _newest)
            return;
        Detach(at);
        Append(at);
    }

    private int TakePlace()
    {
        if (_free == None)
        {
            if (_used == _places.Length)
                Array.Resize(ref _places, _used * 2);
            return _used++;
        }

        int at = _free;
        _free = _places[at].Older;
        return at;
    }

    private void Append(int at)
    {
        _places[at].Older = _newest;
        _places[at].Newer = None;
        if (_newest == None)
            _oldest = at;
        else
            _places[_newest].Newer = at;
        _newest = at;
    }

    private void Detach(int at)
    {
        Place place = _places[at];
        if (place.Older == None)
            _oldest = place.Newer;
        else
            _places[place.Older].Newer = place.Newer;
        if (place.Newer == None)
            _newest = place.Older;
        else
            _places[place.Newer].Older = place.Older;
    }

    private struct Place
    {
        public Connection? Connection;
        public int Older;
        public int Newer;
    }
}
