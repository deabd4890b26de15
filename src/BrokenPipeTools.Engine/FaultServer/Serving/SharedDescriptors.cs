using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// The descriptors that all servers of this process use for connections together, at the client's side and at the upstream server's. The process needs
/// a reserve for itself (<see cref="DescriptorLimit.Reserve"/>). If the servers would use it, the connection that was idle for the longest time is
/// closed, whichever server has it, and the log of that server contains it.
/// </summary>
internal static class SharedDescriptors
{
    /// <summary>
    /// The error in the log if there are no free descriptors. .NET does not show whether it was EMFILE (of the process) or ENFILE (of the system).
    /// </summary>
    public const string NoneLeft = "EMFILE";

    /// <summary>The shortest time between two measurements, because each reads a folder with one entry per descriptor.</summary>
    private static readonly TimeSpan MeasurePause = TimeSpan.FromSeconds(1);

    private static readonly ConcurrentDictionary<Reception, bool> Receptions = new();

    /// <summary>The most sockets that count as leaving. Until they are closed they use a part of the reserve, so it is only half of it.</summary>
    private static readonly int MostLeaving = DescriptorLimit.Reserve / 2;

    /// <summary>The pauses before an accept: a socket that is not closed after all of them does not keep clients waiting.</summary>
    private const int MostPauses = 20;

    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(5);

    private static int s_used;
    private static int s_leaving;
    private static long s_most = int.MaxValue;
    private static long s_measuredTicks;
    private static int s_firstReserved = int.MaxValue;

    /// <summary>Whether any server of this process has a connection.</summary>
    public static bool AreUsed => Volatile.Read(ref s_used) > 0;

    /// <summary>Adds a server.</summary>
    /// <param name="reception">The server's reception.</param>
    /// <param name="spare">The number of further sockets that the process may open (<see cref="DescriptorLimit.Spare"/>).</param>
    public static void Join(Reception reception, int spare)
    {
        Volatile.Write(ref s_firstReserved, DescriptorLimit.FirstReserved());
        Set(Volatile.Read(ref s_used) + (long)spare);
        Receptions[reception] = true;
    }

    /// <summary>Removes a server. Its connections remain counted until they are closed.</summary>
    public static void Leave(Reception reception) => Receptions.TryRemove(reception, out _);

    /// <summary>Counts a socket that was opened for a connection. Call <see cref="KeepReserve"/> when the connection is in its server's log.</summary>
    public static void Count(Socket opened)
    {
        int used = Interlocked.Increment(ref s_used);
        if (DescriptorLimit.NumberOf(opened) >= Volatile.Read(ref s_firstReserved))
            Set(used + (long)Math.Min(DescriptorLimit.Spare, -1)); // all lower numbers are in use, so this one is too many
    }

    /// <summary>Closes a socket that was counted.</summary>
    public static void Close(Socket counted)
    {
        ProcessGate.Close(counted);
        Interlocked.Decrement(ref s_used);
    }

    /// <summary>Counts a socket that is closed soon, because its connection was evicted.</summary>
    public static void BeginLeaving() => Interlocked.Increment(ref s_leaving);

    /// <summary>Counts a socket that was leaving, and is closed now.</summary>
    public static void EndLeaving() => Interlocked.Decrement(ref s_leaving);

    /// <summary>
    /// Waits a moment if the sockets of many evicted connections are still open: otherwise further connections would be evicted for the same room. Call it
    /// before a connection is accepted.
    /// </summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static async ValueTask SettleAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < MostPauses && Volatile.Read(ref s_leaving) >= MostLeaving / 2; i++)
            await Task.Delay(SettlePause, cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes connections until the reserve is free again: also the only connection, because without the reserve the process would end.</summary>
    public static void KeepReserve()
    {
        while (IsExceeded() && EvictIdlest())
        {
        }
    }

    /// <summary>Closes the connection of this process's servers that was idle for the longest time. Returns false if there is none.</summary>
    public static bool EvictIdlest()
    {
        while (Idlest() is { } idlest)
        {
            if (idlest.Owner.TryEvict(idlest.Connection, NoneLeft))
                return true;
        }

        return false;
    }

    private static (Reception Owner, ServerConnection Connection)? Idlest()
    {
        (Reception Owner, ServerConnection Connection)? idlest = null;
        foreach (Reception reception in Receptions.Keys)
        {
            if (reception.Log.Idlest is { } one && (idlest is not { } other || one.LastByteTicks < other.Connection.LastByteTicks))
                idlest = (reception, one);
        }

        return idlest;
    }

    /// <summary>The sockets that are open and stay open.</summary>
    private static int Staying() => Volatile.Read(ref s_used) - Math.Min(Volatile.Read(ref s_leaving), MostLeaving);

    /// <summary>Returns whether the servers use more descriptors than they may. Measures again first, because other parts of the process may use fewer by now.</summary>
    private static bool IsExceeded()
    {
        if (Staying() <= Volatile.Read(ref s_most))
            return false;
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref s_measuredTicks)) > MeasurePause)
            Set(Volatile.Read(ref s_used) + (long)DescriptorLimit.Spare);
        return Staying() > Volatile.Read(ref s_most);
    }

    private static void Set(long most)
    {
        Volatile.Write(ref s_most, most);
        Volatile.Write(ref s_measuredTicks, Stopwatch.GetTimestamp());
    }
}
