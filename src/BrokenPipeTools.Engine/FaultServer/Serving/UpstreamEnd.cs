using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The upstream server's end of a forwarded connection.</summary>
internal sealed class UpstreamEnd(Socket socket) : ForwardEnd
{
    public override ForwardSide Side => ForwardSide.Upstream;

    public Socket Socket => socket;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation).ConfigureAwait(false)..];
    }

    public override ValueTask FinishAsync(CancellationToken cancellation)
    {
        PlainTransport.Finish(socket);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the socket with RST, or with FIN even if data were not read. No call may be in progress on it.</summary>
    public async ValueTask CloseAsync(bool reset)
    {
        try
        {
            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            else
                await PlainTransport.DiscardAvailableAsync(socket, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has ended by itself.
        }

        SharedDescriptors.Close(socket);
    }
}
