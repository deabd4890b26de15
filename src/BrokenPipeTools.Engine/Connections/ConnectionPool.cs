using System.Collections.Concurrent;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Keeps connections that are no longer used, for new ones. Without it, a consumer that reads a million records one by one would leave a gigabyte to
/// the garbage collector.
/// </summary>
internal sealed class ConnectionPool
{
    private readonly ConcurrentStack<Connection[]> _returned = new();
    private Connection[] _here = new Connection[256];
    private int _count;

    /// <summary>Returns an object for a new connection. Call it only on the analyzing thread.</summary>
    public Connection Rent()
    {
        if (_count == 0)
            TakeReturned();
        return _count > 0 ? _here[--_count] : new Connection();
    }

    /// <summary>
    /// Returns the object that <see cref="Rent"/> will return after so many other calls; null if the pool does not have it yet. Call it only on the
    /// analyzing thread.
    /// </summary>
    public Connection? Expect(int others)
    {
        if (_count <= others)
            TakeReturned();
        return _count > others ? _here[_count - 1 - others] : null;
    }

    /// <summary>Takes one object back on the analyzing thread, which is the only one that may call this.</summary>
    public void ReturnHere(Connection one)
    {
        if (_count == _here.Length)
            Array.Resize(ref _here, _count * 2);
        _here[_count++] = one;
    }

    /// <summary>Takes several objects back; may be called from any thread.</summary>
    public void Return(Connection[] several) => _returned.Push(several);

    /// <summary>Adds a batch below the present objects, which are still returned first, in the same order.</summary>
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
