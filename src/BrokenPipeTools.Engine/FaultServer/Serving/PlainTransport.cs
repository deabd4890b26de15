using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Sends and receives the bytes without TLS.</summary>
internal sealed class PlainTransport(Socket socket) : Transport
{
    private const int DiscardBytes = 4096;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, bool peek, CancellationToken cancellation) =>
        socket.ReceiveAsync(buffer, peek ? SocketFlags.Peek : SocketFlags.None, cancellation);

    /// <summary>
    /// Sends as many bytes as the kernel has room for. If it has no room, waits with a single byte: if a send of several bytes is canceled, some of
    /// them may have been sent, and .NET does not return how many.
    /// </summary>
    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (socket.Blocking)
            socket.Blocking = false;
        int count = socket.Send(bytes.Span, SocketFlags.None, out SocketError error);
        return (count, error) switch
        {
            (> 0, _) => ValueTask.FromResult(count),
            (_, SocketError.WouldBlock) => socket.SendAsync(bytes[..1], SocketFlags.None, cancellation),
            _ => ValueTask.FromException<int>(new SocketException((int)error)),
        };
    }

    public override ValueTask FinishSendingAsync(CancellationToken cancellation)
    {
        Finish(socket);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DiscardAvailableAsync(CancellationToken cancellation) => DiscardAvailableAsync(socket, cancellation);

    public override ValueTask ReleaseAsync(bool orderly) => ValueTask.CompletedTask;

    public override void Dispose()
    {
    }

    /// <summary>Sends FIN.</summary>
    public static void Finish(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NotConnected)
        {
            throw new SocketException((int)SocketError.ConnectionReset); // shutdown(2) returns no specific error here; only a RST causes this one
        }
    }

    /// <summary>Reads and discards the data in the kernel.</summary>
    public static async ValueTask DiscardAvailableAsync(Socket socket, CancellationToken cancellation)
    {
        byte[] scratch = new byte[DiscardBytes];
        while (socket.Available > 0 && await socket.ReceiveAsync(scratch, SocketFlags.None, cancellation).ConfigureAwait(false) > 0)
        {
        }
    }
}
