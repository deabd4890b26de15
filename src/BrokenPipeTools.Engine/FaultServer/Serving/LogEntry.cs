using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>An entry of a server's log for a connection that is still open.</summary>
internal abstract class LogEntry(long number)
{
    private int _concluded;

    public long Number => number;

    /// <summary>Returns true for the first caller. That caller must conclude the entry.</summary>
    public bool TryConclude() => Interlocked.Exchange(ref _concluded, 1) == 0;

    /// <summary>Whether a caller already concludes the entry. Its connection is then being closed.</summary>
    public bool IsConcluded => Volatile.Read(ref _concluded) != 0;

    /// <summary>Prevents further sends, which the entry would not count. The caller that concludes the entry calls it once.</summary>
    public abstract void StopSending();

    /// <summary>Returns the entry in its current state.</summary>
    public abstract ServedConnection Describe(ServedEnding ending, string? error = null);

    /// <summary>Closes the connection after the entry was added to the log.</summary>
    /// <param name="interrupted">True if the connection is ended from outside, so that a call may be in progress on its socket.</param>
    public abstract void Close(bool interrupted);
}
