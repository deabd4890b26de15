namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Sends seven bytes that belong to no protocol, without waiting for a request, and closes.</summary>
internal sealed class RandomBytesService : Service
{
    private const int Count = 7;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        byte[] bytes = new byte[Count];
        Random random = connection.Options.Seed is { } seed ? new Random(unchecked(seed + (int)connection.Number)) : Random.Shared;
        random.NextBytes(bytes);
        await connection.SendAsync(bytes).ConfigureAwait(false);

        // A gentle close: if the client sends its request at the same time, it must get the bytes, and not a RST before them.
        return connection.Options.Abort ? CloseMode.Reset : await connection.CloseGentlyAsync().ConfigureAwait(false);
    }
}
