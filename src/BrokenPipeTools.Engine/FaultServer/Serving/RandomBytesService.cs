namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Seven bytes of no protocol, without waiting for a request, then the end.</summary>
internal sealed class RandomBytesService : Service
{
    private const int Count = 7;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        byte[] bytes = new byte[Count];
        Random random = connection.Options.Seed is { } seed ? new Random(unchecked(seed + (int)connection.Number)) : Random.Shared;
        random.NextBytes(bytes);
        await connection.SendAsync(bytes).ConfigureAwait(false);

        // Gently: a client that sends its request meanwhile is to see the bytes, not a RST that overtakes them.
        return connection.Options.Abort ? CloseMode.Reset : await connection.CloseGentlyAsync().ConfigureAwait(false);
    }
}
