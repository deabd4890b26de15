using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>The client's end of a forwarded connection. The log counts its bytes.</summary>
internal sealed class ClientEnd(Conversation conversation) : ForwardEnd
{
    public override ForwardSide Side => ForwardSide.Client;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => conversation.ReceiveAsync(buffer, cancellation);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => conversation.SendAsync(bytes, cancellation);

    public override ValueTask FinishAsync(CancellationToken cancellation) => conversation.FinishSendingAsync();
}
