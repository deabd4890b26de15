namespace BrokenPipeTools.Connections;

/// <summary>Payload of one end that no payload of the other interrupts.</summary>
/// <param name="Since">The time (nanoseconds since 1970) of the payload before it: since then the other end has sent none. 0 if there was none.</param>
/// <param name="Bytes">Payload bytes.</param>
/// <param name="Segments">Payload segments; 65535 stands for that many or more.</param>
/// <param name="Heartbeats">Those of them that came after a pause, with new payload; bounded the same.</param>
internal readonly record struct Turn(long Since, long Bytes, int Segments, int Heartbeats);
