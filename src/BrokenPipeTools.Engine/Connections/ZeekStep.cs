namespace BrokenPipeTools.Connections;

/// <summary>The effect of a segment on the states that Zeek gives the ends of a connection.</summary>
/// <param name="State">The next state of the sender.</param>
/// <param name="Peer">The next state of the other end.</param>
/// <param name="Reverses">Whether the segment shows that the sender is the originator.</param>
/// <param name="Changes">Whether it has any effect.</param>
internal readonly record struct ZeekStep(ZeekEndState State, ZeekEndState Peer, bool Reverses, bool Changes);
