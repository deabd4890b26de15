namespace BrokenPipeTools.SocketModel;

/// <summary>One event; <paramref name="Error"/> is the errno that an ICMP error stands for.</summary>
internal readonly record struct SocketEvent(SocketEventKind Kind, string? Error = null);
