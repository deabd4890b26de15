using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>
/// The stream below TLS. It records the socket's calls, and whether the peer's FIN has been read: a reader of TLS gets 0 both for a close_notify and
/// for a FIN without close_notify.
/// </summary>
internal sealed class ProbeStream(AsyncTracedSocket socket) : Stream
{
    /// <summary>The read that returned the FIN or an error; null if no read has returned one yet.</summary>
    public Arrival? End { get; private set; }

    /// <summary>The last send call; null if there was none.</summary>
    public SocketStep? Sent { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0; // SslStream reads 0 bytes to save memory while it waits; on a socket such a read would clear a pending error
        SocketStep step = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (step.Bytes is { } count)
            return count;
        if (step.Errno is null && step.Result != "EOF")
            throw new OperationCanceledException(cancellationToken);
        End = new Arrival(step.Errno is null ? ArrivalKind.End : ArrivalKind.Failed, step.Result);
        return step.Errno is null ? 0 : throw new IOException(step.Result);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Sent = await socket.SendAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (Sent.Result != "ok")
            throw new IOException(Sent.Result);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronously");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
