using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Finds the <see cref="SegmentFlow"/> of each segment, in the order of the capture. It needs no connection, so the decoding thread does it, while
/// the thread that follows the connections, which has more to do, works on the batch before.
/// </summary>
internal sealed class SegmentFlows
{
    private readonly HashSecret _secret = HashSecret.Create();
    private readonly DuplicateFilter _duplicates = new();

    /// <summary>Adds the next segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SegmentFlow Next(in Segment s)
    {
        int sender = FlowKey.SenderOf(s);
        uint hash = FlowKey.HashOf(s, sender, _secret);
        Recurrence recurrence = _duplicates.Observe(s, hash, sender, out byte firstTimeToLive);
        return new SegmentFlow(hash, (byte)sender, recurrence, firstTimeToLive);
    }
}
