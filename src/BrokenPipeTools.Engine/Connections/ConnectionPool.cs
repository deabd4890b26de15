using System.Collections.Concurrent;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Connections that are done with and may be used again. A consumer that reads a million records one by one would otherwise leave a
/// gigabyte to the garbage collector.
/// </summary>
internal sealed class ConnectionPool
{
    private readonly ConcurrentStack<Connection[]> _returned = new();
    private Connection[] _here = new Connection[256];
    private int _count;

    /// <summary>Returns one for a new connection; on the analyzing thread only.</summary>
    public Connection Take()
    {
        if (_count == 0)
            TakeReturned();
        return _count > 0 ? _here[--_count] : new Connection();
    }

    /// <summary>The one that <see cref="Take"/> is going to give after so many others; null if it is not here yet. On the analyzing thread only.</summary>
    public Connection? Expect(int others)
    {
        if (_count <= others)
            TakeReturned();
        return _count > others ? _here[_count - 1 - others] : null;
    }

    /// <summary>Takes one back; on the analyzing thread only.</summary>
    public void Put(Connection one)
    {
        if (_count == _here.Length)
            Array.Resize(ref _here, _count * 2);
        _here[_count++] = one;
    }

    /// <summary>Takes several back, from any thread.</summary>
    public void Return(Connection[] several) => _returned.Push(several);

    /// <summary>Adds a batch below the present ones, which are still taken first, in the same order.</summary>
    private void TakeReturned()
    {
        if (!_returned.TryPop(out Connection[]? batch))
            return;
        while (_count + batch.Length > _here.Length)
            Array.Resize(ref _here, _here.Length * 2);
        _here.AsSpan(0, _count).CopyTo(_here.AsSpan(batch.Length));
        batch.CopyTo(_here.AsSpan());
        _count += batch.Length;
    }
}
