namespace BrokenPipeTools.SocketModel;

/// <summary>One event; <paramref name="Error"/> is the errno of an ICMP error.</summary>
internal readonly record struct SocketEvent(SocketEventKind Kind, string? Error = null);
