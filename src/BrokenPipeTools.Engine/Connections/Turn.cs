namespace BrokenPipeTools.Connections;

/// <summary>Consecutive payload of one end: no payload of the other end comes between.</summary>
/// <param name="Since">The time of the other end's last payload before it, in nanoseconds since 1970; 0 if there was none.</param>
/// <param name="Bytes">Payload bytes.</param>
/// <param name="Segments">Payload segments; 65535 means that many or more.</param>
/// <param name="Heartbeats">How many of them came after a pause with new payload; 65535 means that many or more.</param>
internal readonly record struct Turn(long Since, long Bytes, int Segments, int Heartbeats);
