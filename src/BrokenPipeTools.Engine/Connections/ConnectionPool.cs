using System.Collections.Concurrent;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Connections that are done with and may be used again. A consumer that reads a million records one by one would otherwise leave a
/// gigabyte to the garbage collector.
/// </summary>
internal sealed class ConnectionPool
{
    private readonly Stack<Connection> _here = new();
    private readonly ConcurrentQueue<Connection[]> _returned = new();

    /// <summary>One to begin; on the analyzing thread only.</summary>
    public Connection Take()
    {
        if (_here.Count == 0 && _returned.TryDequeue(out Connection[]? batch))
        {
            foreach (Connection connection in batch)
                _here.Push(connection);
        }

        return _here.TryPop(out Connection? used) ? used : new Connection();
    }

    /// <summary>Takes one back; on the analyzing thread only.</summary>
    public void Put(Connection connection) => _here.Push(connection);

    /// <summary>Takes several back, from any thread.</summary>
    public void Return(Connection[] connections) => _returned.Enqueue(connections);
}
