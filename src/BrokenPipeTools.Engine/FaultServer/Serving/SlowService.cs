namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Sends the answer one byte per interval. Notices immediately if a client closes, not only when the next byte is sent.</summary>
internal sealed class SlowService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (await AnswerToRequestAsync(connection, HttpAnswer.Page).ConfigureAwait(false) is not { } page)
            return CloseMode.ClientClosed;
        connection.SendAtOnce();
        byte[] answer = page.ToBytes();
        for (int i = 0; i < answer.Length; i++)
        {
            if (i > 0 && await connection.DiscardAsync(connection.Options.Interval).ConfigureAwait(false) == 0)
                return CloseMode.ClientClosed;
            await connection.SendAsync(answer.AsMemory(i, 1)).ConfigureAwait(false);
        }

        return connection.OwnCloseMode;
    }
}
