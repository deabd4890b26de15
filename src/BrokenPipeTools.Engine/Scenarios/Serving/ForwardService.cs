namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>
/// Passes a connection on to the upstream server: bytes, half-closes and RSTs in both directions. Past its limit the side that is to
/// meet the fault gets FIN, RST or nothing more; after FIN or RST the other side gets FIN.
/// </summary>
internal sealed class ForwardService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        UpstreamTarget target = UpstreamTarget.Parse(conversation.Options.Upstream!)!; // judged at the start
        conversation.Upstream = target.ToString();
        UpstreamEnd upstream = new(await target.ConnectAsync(conversation.Options.HeaderTimeout, conversation.Stop).ConfigureAwait(false));
        Forwarding forwarding = new(conversation, upstream);
        try
        {
            conversation.SendAtOnce(); // fails if the client was evicted meanwhile
            return await forwarding.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            await upstream.CloseAsync(forwarding.ResetsUpstream).ConfigureAwait(false);
        }
    }
}
