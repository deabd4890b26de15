namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Announces a body and ends in the middle of it: the client must notice that (RFC 9112, section 8).</summary>
internal sealed class TruncatedBodyService : Service
{
    private const int Promised = 10_000;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (await AnswerToRequestAsync(connection, HttpAnswer.Page).ConfigureAwait(false) is not { } page)
            return CloseMode.ClientClosed;
        HttpAnswer answer = page with { ClaimedLength = Promised };
        await connection.SendAsync(answer.ToBytes()).ConfigureAwait(false);
        return connection.OwnCloseMode;
    }
}
