using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <content>Prefetches memory before it is needed.</content>
internal sealed partial class Connection
{
    /// <summary>Prefetches the memory of the observation that a segment will add, if any. It reads the connection's fields.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchLog(in Segment s)
    {
        if ((s.Flags & Control) != 0 || _close.HasBegun)
            _log.PrefetchNext(isNew: (s.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn);
    }

    /// <summary>Prefetches the memory of the observations, for the record. It reads a field of the connection.</summary>
    public void PrefetchLog() => _log.PrefetchRecorded();
}
