using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Connections;

/// <summary>The body that the head of an HTTP response announces.</summary>
/// <param name="Numbers">Its sequence numbers. If its length is not known, an empty range that begins at its start.</param>
/// <param name="IsChunked">Whether the body consists of chunks, and the last one is marked.</param>
/// <param name="MustFollow">Whether the request was captured and asks for the body. Otherwise it may have been HEAD, whose answer has no body.</param>
/// <param name="At">The frame of the head.</param>
internal readonly record struct AnnouncedBody(SequenceRange Numbers, bool IsChunked, bool MustFollow, FrameMark At);
