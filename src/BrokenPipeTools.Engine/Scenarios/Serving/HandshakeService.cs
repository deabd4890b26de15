using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Resets the connection before, during or after the TLS handshake.</summary>
internal sealed class HandshakeService : Service
{
    public override bool BeginsBeforeTls => true;

    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        if (conversation.Behavior == ServerBehavior.ResetBeforeHandshake)
            return await conversation.ReceiveAsync(new byte[4096]).ConfigureAwait(false) == 0 ? Farewell.ClientClosed : Farewell.Reset;
        await conversation.ShakeHandsAsync(serverHelloOnly: conversation.Behavior == ServerBehavior.ResetDuringHandshake).ConfigureAwait(false);
        return Farewell.Reset;
    }
}
