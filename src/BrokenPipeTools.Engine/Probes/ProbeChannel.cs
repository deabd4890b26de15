using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Sends and receives the bytes of a probe's connection, plain or in TLS.</summary>
internal abstract class ProbeChannel(AsyncTracedSocket socket) : IDisposable
{
    public AsyncTracedSocket Socket { get; } = socket;

    /// <summary>Whether the peer has sent close_notify; null without TLS.</summary>
    public virtual bool? CloseNotify => null;

    /// <summary>Waits for the next event, for the <paramref name="limit"/> at most.</summary>
    public abstract Task<Arrival> ReceiveAsync(TimeSpan limit, CancellationToken cancellation);

    /// <summary>Sends all bytes. Returns the step of the last send call.</summary>
    public abstract Task<SocketStep> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Disposes of the channel, but not of the socket, which belongs to the connection.</summary>
    public virtual void Dispose()
    {
    }

    protected static Arrival ArrivalOf(SocketStep step, ReadOnlyMemory<byte> buffer) => step switch
    {
        { Bytes: { } count } => new Arrival(ArrivalKind.Data, step.Result, buffer[..count]),
        { Errno: not null } => new Arrival(ArrivalKind.Failed, step.Result),
        { Result: "EOF" } => new Arrival(ArrivalKind.End, step.Result),
        _ => new Arrival(ArrivalKind.Nothing, step.Result),
    };
}
