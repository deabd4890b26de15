using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The client's end of a forwarded connection. The log counts its bytes.</summary>
internal sealed class ClientEnd(ServerConnection connection) : ForwardEnd
{
    public override ForwardSide Side => ForwardSide.Client;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => connection.ReceiveAsync(buffer, cancellation);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => connection.SendAsync(bytes, cancellation);

    public override ValueTask FinishAsync(CancellationToken cancellation) => connection.FinishSendingAsync();
}
