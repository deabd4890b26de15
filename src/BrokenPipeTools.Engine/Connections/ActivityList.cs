namespace BrokenPipeTools.Connections;

/// <summary>
/// Connections in the order in which they were last looked at, so that the least recently active one can be found. Looking is put
/// off until one must go (the clock algorithm): a segment in the hot path need not touch the list.
/// </summary>
internal sealed class ActivityList
{
    private Connection? _newest;

    public Connection? Oldest { get; private set; }

    public void Add(Connection connection)
    {
        connection.IsListed = true;
        connection.ListedAt = connection.LatestTime;
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

    /// <summary>The first one from the old end that was not active since it was put there; those that were go to the new end.</summary>
    public Connection LeastRecent()
    {
        Connection candidate = Oldest ?? throw new InvalidOperationException("the list is empty");
        while (candidate.LatestTime > candidate.ListedAt && candidate.ListedAt != 0)
        {
            Remove(candidate);
            Add(candidate);
            candidate = Oldest!;
        }

        return candidate;
    }
}
