namespace BrokenPipeTools.Connections;

/// <summary>The flow of a segment, without the state of its connection.</summary>
/// <param name="Hash">The hash of its <see cref="FlowKey"/>.</param>
/// <param name="Sender">The end that sent it.</param>
/// <param name="Recurrence">Whether it equals a segment that was captured a moment before.</param>
/// <param name="FirstTimeToLive">The TTL at its first capture; meaningless for <see cref="Recurrence.None"/>.</param>
internal readonly record struct SegmentFlow(uint Hash, byte Sender, Recurrence Recurrence, byte FirstTimeToLive);
