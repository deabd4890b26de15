namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Seven bytes of no protocol, without waiting for a request, then the end.</summary>
internal sealed class RandomBytesService : Service
{
    private const int Count = 7;

    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        byte[] bytes = new byte[Count];
        Random random = conversation.Options.Seed is { } seed ? new Random(unchecked(seed + (int)conversation.Number)) : Random.Shared;
        random.NextBytes(bytes);
        await conversation.SendAsync(bytes).ConfigureAwait(false);

        // Gently: a client that sends its request meanwhile is to see the bytes, not a RST that overtakes them.
        return conversation.Options.Abort ? Farewell.Reset : await conversation.CloseGentlyAsync().ConfigureAwait(false);
    }
}
