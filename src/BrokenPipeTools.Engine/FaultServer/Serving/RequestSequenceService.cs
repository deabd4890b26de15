namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Each request meets the next behavior of the sequence, whose turn comes with the request's first byte.</summary>
internal sealed class RequestSequenceService(BehaviorSequence sequence) : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        byte[] first = new byte[1];
        while (true)
        {
            if (await connection.ReceiveAsync(first, peek: true).ConfigureAwait(false) == 0)
                return CloseMode.ClientClosed;
            CloseMode mode = await For(connection.Meet(sequence.Take())).ServeAsync(connection).ConfigureAwait(false);
            if (mode != CloseMode.NextRequest)
                return mode;
        }
    }
}
