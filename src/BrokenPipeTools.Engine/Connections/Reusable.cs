using System.Collections.Concurrent;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Objects that are done with and may be used again. A consumer that reads a million records one by one would otherwise leave a
/// gigabyte to the garbage collector.
/// </summary>
/// <param name="create">Makes one where none is left.</param>
internal sealed class Reusable<T>(Func<T> create)
    where T : class
{
    private readonly Stack<T> _here = new();
    private readonly ConcurrentQueue<T[]> _returned = new();

    /// <summary>One to begin; on the analyzing thread only.</summary>
    public T Take()
    {
        if (_here.Count == 0 && _returned.TryDequeue(out T[]? batch))
        {
            foreach (T used in batch)
                _here.Push(used);
        }

        return _here.TryPop(out T? one) ? one : create();
    }

    /// <summary>Takes one back; on the analyzing thread only.</summary>
    public void Put(T one) => _here.Push(one);

    /// <summary>Takes several back, from any thread.</summary>
    public void Return(T[] several) => _returned.Enqueue(several);
}
