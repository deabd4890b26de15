namespace BrokenPipeTools.Connections;

/// <summary>
/// Connections in the order of their last activity, so that the least recently active one can be found. Keeping that order costs
/// every segment something, so the table does it only when it is half full; until then the order is that of their beginning.
/// </summary>
internal sealed class ActivityList
{
    private Connection? _newest;

    public Connection? Oldest { get; private set; }

    public void Add(Connection connection)
    {
        connection.IsListed = true;
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
        connection.IsListed = false;
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
