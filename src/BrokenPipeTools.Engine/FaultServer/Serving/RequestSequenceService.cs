namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Serves each request with the next behavior of the sequence, which is chosen when the request's first byte arrives.</summary>
internal sealed class RequestSequenceService(BehaviorSequence sequence) : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        byte[] first = new byte[1];
        while (true)
        {
            if (await connection.ReceiveAsync(first, peek: true).ConfigureAwait(false) == 0)
                return CloseMode.ClientClosed;
            CloseMode mode = await For(connection.SetBehavior(sequence.Take())).ServeAsync(connection).ConfigureAwait(false);
            if (mode != CloseMode.NextRequest)
                return mode;
        }
    }
}
