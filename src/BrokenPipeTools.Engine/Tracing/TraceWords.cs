namespace BrokenPipeTools.Tracing;

/// <summary>The kind of call that failed.</summary>
public enum CallDirection
{
    /// <summary>No call failed; the program noticed the end in another way.</summary>
    None,

    /// <summary>read, recv, recvfrom, recvmsg.</summary>
    Read,

    /// <summary>write, writev, send, sendto, sendmsg, sendfile.</summary>
    Write,

    /// <summary>connect, blocking or not.</summary>
    Connect,

    /// <summary>getsockopt with SO_ERROR, which clears the error. The kernel has no event for it; a later call shows that it was made before.</summary>
    Status,
}

/// <summary>Whether a failed write raised SIGPIPE, which ends a program that neither handles nor ignores it.</summary>
public enum PipeSignal
{
    /// <summary>No signal was raised: the error is not EPIPE, or the call had MSG_NOSIGNAL.</summary>
    None,

    /// <summary>The signal was delivered.</summary>
    Delivered,

    /// <summary>The program ignores the signal.</summary>
    Ignored,
}

/// <summary>The kind of file that a call was made on.</summary>
public enum TracedKind
{
    /// <summary>The kind is not known, because this kernel has no events for socket calls.</summary>
    Unknown,

    /// <summary>A TCP socket.</summary>
    Tcp,

    /// <summary>A Unix-domain socket.</summary>
    Unix,

    /// <summary>A pipe or FIFO.</summary>
    Pipe,
}

/// <summary>The role of an endpoint in its connection.</summary>
public enum EndpointRole
{
    /// <summary>The role is not known, because the socket was opened before the trace began.</summary>
    Unknown,

    /// <summary>The end called connect.</summary>
    Client,

    /// <summary>The end called accept.</summary>
    Server,
}

/// <summary>The side that ended a connection.</summary>
public enum FailureSide
{
    /// <summary>The side is not known, or neither side ended it.</summary>
    Unknown,

    /// <summary>The end whose call failed.</summary>
    Local,

    /// <summary>The other end.</summary>
    Peer,

    /// <summary>Neither side ended it: a device, a firewall or the path did.</summary>
    Network,
}

/// <summary>How a connection was ended.</summary>
public enum CloseMethod
{
    /// <summary>The method is not known: the other host's kernel was not traced, or the events do not show it.</summary>
    Unknown,

    /// <summary>close(2).</summary>
    Close,

    /// <summary>shutdown(2).</summary>
    Shutdown,

    /// <summary>close(2) with SO_LINGER 0, which sends a RST.</summary>
    Abort,

    /// <summary>The listening socket was closed before the connection was accepted.</summary>
    ListenerClosed,

    /// <summary>The process exited.</summary>
    Exit,

    /// <summary>A signal of another process ended the process.</summary>
    Killed,

    /// <summary>The process was ended by its own fault or abort.</summary>
    Crashed,

    /// <summary>Another process destroyed the socket, as <c>ss -K</c> does.</summary>
    Destroyed,

    /// <summary>The kernel gave up, because data or keepalive probes were not answered.</summary>
    GaveUp,
}

/// <summary>The RST of a connection, from the point of view of the end whose call failed.</summary>
public enum TracedReset
{
    /// <summary>There was no RST.</summary>
    None,

    /// <summary>The RST came from the other end's address.</summary>
    Received,

    /// <summary>The kernel of this end sent the RST.</summary>
    Sent,
}
