namespace BrokenPipeTools.SocketModel;

/// <summary>An event of a socket. <paramref name="Error"/> is the errno if the event is an ICMP error.</summary>
internal readonly record struct SocketEvent(SocketEventKind Kind, CallResult Error = CallResult.None);
