using System.Net.Sockets;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>The bytes as they are.</summary>
internal sealed class PlainTransport(Socket socket) : Transport
{
    private const int DiscardBytes = 4096;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, bool peek, CancellationToken cancellation) =>
        socket.ReceiveAsync(buffer, peek ? SocketFlags.Peek : SocketFlags.None, cancellation);

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        socket.SendAsync(bytes, SocketFlags.None, cancellation);

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
            throw new SocketException((int)SocketError.ConnectionReset); // shutdown(2) has no error for it, but only a RST brings this about
        }
    }

    /// <summary>Reads and throws away what the kernel has.</summary>
    public static async ValueTask DiscardAvailableAsync(Socket socket, CancellationToken cancellation)
    {
        byte[] scratch = new byte[DiscardBytes];
        while (socket.Available > 0 && await socket.ReceiveAsync(scratch, SocketFlags.None, cancellation).ConfigureAwait(false) > 0)
        {
        }
    }
}
