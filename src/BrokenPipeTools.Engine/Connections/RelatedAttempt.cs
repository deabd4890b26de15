using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Another connection that is the same attempt under other addresses.</summary>
/// <param name="Stream">Its Wireshark stream number.</param>
/// <param name="SynFrame">The frame of its SYN; 0 for none.</param>
/// <param name="AnswerFrame">The frame of its SYN-ACK; 0 for none.</param>
/// <param name="Server">The endpoint that the SYN goes to.</param>
internal sealed record RelatedAttempt(int Stream, long SynFrame, long AnswerFrame, Endpoint Server);
