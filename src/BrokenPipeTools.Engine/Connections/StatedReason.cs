using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>A reason that a side stated, with its frame and time.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Text">The text of a RST; null for every other kind.</param>
/// <param name="At">The frame that contains it.</param>
/// <param name="Time">Nanoseconds since the connection's first segment.</param>
internal readonly record struct StatedReason(CloseReason Reason, string? Text, FrameMark At, long Time);
