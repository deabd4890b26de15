namespace BrokenPipeTools.Probes;

/// <summary>
/// Does nothing after the connect, which was made before. If a RST arrived before connect returned, it is noted. The probe does not wait for any
/// other close.
/// </summary>
internal sealed class ConnectProbe : ProbeAction
{
    public override Task RunAsync(ProbeConnection connection, CancellationToken cancellation) =>
        connection.Socket.ResetInConnect is null ? Task.CompletedTask : connection.AwaitCloseAsync(connection.AnswerWait, cancellation);
}
