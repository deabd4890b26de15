using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>An entry of a server's log for a connection that is still open.</summary>
internal abstract class LogEntry(long number)
{
    private int _concluded;

    public long Number => number;

    /// <summary>True for the first who asks: who concludes it.</summary>
    public bool TryConclude() => Interlocked.Exchange(ref _concluded, 1) == 0;

    /// <summary>Somebody concludes it: it is about to be closed.</summary>
    public bool IsConcluded => Volatile.Read(ref _concluded) != 0;

    /// <summary>From now on nothing is sent that the entry does not count. Called once, by the caller that concludes it.</summary>
    public abstract void StopSending();

    /// <summary>The entry as it is now.</summary>
    public abstract ServedConnection Describe(ServedEnding ending, string? error = null);

    /// <summary>Ends it, once it is in the log.</summary>
    /// <param name="interrupted">It is ended from outside, and a call may be under way on it.</param>
    public abstract void Close(bool interrupted);
}
