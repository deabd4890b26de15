using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>The end of the newest payload of a side.</summary>
/// <param name="Next">The sequence number after it.</param>
/// <param name="MayEndChunks">Whether it may be the end of a chunked HTTP body.</param>
/// <param name="IsInsideHead">Whether it is in the middle of the head of an HTTP response.</param>
internal readonly record struct PayloadEnd(SequenceNumber Next, bool MayEndChunks, bool IsInsideHead);
