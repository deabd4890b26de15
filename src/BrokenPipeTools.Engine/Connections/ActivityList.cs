namespace BrokenPipeTools.Connections;

/// <summary>
/// Connections in the order of their last activity, so that the least recently active one can be found. Keeping that order costs
/// every segment something: the table makes the list only when it is half full.
/// </summary>
internal sealed class ActivityList
{
    private Connection? _newest;

    public Connection? Oldest { get; private set; }

    /// <summary>Makes a list of connections that were not in one before. Times may be wrong; frames are in their order. Those without a frame of their own follow their streams.</summary>
    public static ActivityList Of(IEnumerable<Connection> connections)
    {
        ActivityList list = new();
        foreach (Connection connection in connections.OrderBy(c => c.LastFrame).ThenBy(c => c.Stream).ToList())
            list.Add(connection);
        return list;
    }

    public void Add(Connection connection)
    {
        connection.Older = _newest;
        connection.Newer = null;
        if (_newest is null)
            Oldest = connection;
        else
            _newest.Newer = connection;
        _newest = connection;
    }

    public void Remove(Connection connection)
    {
        if (connection.Older is null)
            Oldest = connection.Newer;
        else
            connection.Older.Newer = connection.Newer;
        if (connection.Newer is null)
            _newest = connection.Older;
        else
            connection.Newer.Older = connection.Older;
        connection.Older = null;
        connection.Newer = null;
    }

    /// <summary>The connection was active just now.</summary>
    public void Touch(Connection connection)
    {
        if (ReferenceEquals(connection, _newest))
            return;
        Remove(connection);
        Add(connection);
    }
}
