using System.Collections.Concurrent;
using System.Diagnostics;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The connections of a server: those that are open, and the latest of those that have ended.</summary>
internal sealed class ConnectionLog(int capacity)
{
    private readonly ConcurrentDictionary<long, LogEntry> _open = new();
    private readonly Queue<ServedConnection> _ended = new();
    private long _endedCount;
    private int _connections;

    /// <summary>The number of open connections.</summary>
    public int Open => Volatile.Read(ref _connections);

    public IEnumerable<LogEntry> OpenEntries => _open.Values;

    /// <summary>
    /// The open connection that was idle for the longest time; of several, the one with the lowest number. A connection that is being closed is left
    /// out. Null if none is open.
    /// </summary>
    public ServerConnection? Idlest
    {
        get
        {
            ServerConnection? idlest = null;
            foreach (ServerConnection one in _open.Select(pair => pair.Value).OfType<ServerConnection>().Where(connection => !connection.IsConcluded))
            {
                if (idlest is null || (one.LastByteTicks, one.Number).CompareTo((idlest.LastByteTicks, idlest.Number)) < 0)
                    idlest = one;
            }

            return idlest;
        }
    }

    public void Begin(LogEntry entry)
    {
        if (entry is ServerConnection)
            Interlocked.Increment(ref _connections);
        _open[entry.Number] = entry;
    }

    public void End(ServedConnection connection)
    {
        lock (_ended)
        {
            if (capacity > 0)
            {
                if (_ended.Count == capacity)
                    _ended.Dequeue();
                _ended.Enqueue(connection);
            }

            if (_open.TryRemove(connection.Number, out LogEntry? entry) && entry is ServerConnection)
                Interlocked.Decrement(ref _connections);
            _endedCount++;
            Monitor.PulseAll(_ended);
        }
    }

    /// <summary>Waits until this number of entries have ended. Returns false if they had not when the time was over.</summary>
    public bool WaitForEnded(long count, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_ended)
        {
            while (_endedCount < count)
            {
                TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_ended, left))
                    return _endedCount >= count;
            }

            return true;
        }
    }

    /// <summary>Returns all entries in their current state, each once, by number.</summary>
    public ServedConnection[] Snapshot()
    {
        lock (_ended)
        {
            return [.. _ended.Concat(_open.Values.Select(c => c.Describe(ServedEnding.Open))).OrderBy(c => c.Number)];
        }
    }
}
