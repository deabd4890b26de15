using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>One connection that is forwarded until its limit is reached, with the fault after that.</summary>
internal sealed class Forwarding
{
    /// <summary>The longest time to wait until forwarded data have been acknowledged. A RST would discard the data that the kernel has not sent yet.</summary>
    private static readonly TimeSpan SettleWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SettleLook = TimeSpan.FromMilliseconds(1);

    private readonly ServerConnection _connection;
    private readonly UpstreamEnd _upstream;
    private readonly ForwardLimit _limit;
    private readonly ForwardPump _toUpstream;
    private readonly ForwardPump _toClient;

    public Forwarding(ServerConnection connection, UpstreamEnd upstream)
    {
        _connection = connection;
        _upstream = upstream;
        _limit = new ForwardLimit(connection.Options, Fails, connection.CountRequest);
        ClientEnd client = new(connection);
        _toUpstream = new ForwardPump(client, upstream, _limit);
        _toClient = new ForwardPump(upstream, client, _limit);
    }

    /// <summary>Whether the upstream server's end must be closed with RST.</summary>
    public bool ResetsUpstream { get; private set; }

    private bool Fails => _connection.Behavior != ServerBehavior.Forward;

    /// <summary>Forwards until the connection ends. Returns how the client's end must be closed. After that, no call is in progress on either end.</summary>
    /// <exception cref="SocketException">The client's socket failed.</exception>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    public async Task<CloseMode> RunAsync()
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_connection.Stop);
        using Timer? timer = Fails && _connection.Options.AfterTime is { } time ? new Timer(_ => _limit.Expire(), null, Left(time), Timeout.InfiniteTimeSpan) : null;
        Task<PumpEnd> up = _toUpstream.RunAsync(over.Token);
        Task<PumpEnd> down = _toClient.RunAsync(over.Token);
        Task<(PumpEnd End, bool ClientFirst)> ended = EndAsync(up, down);
        try
        {
            await Task.WhenAny(ended, _limit.Reached).ConfigureAwait(false);
            if (!ended.IsCompleted)
            {
                bool fallsSilent = _connection.Behavior == ServerBehavior.ForwardThenSilence;
                if (fallsSilent)
                    FallSilent(); // before the fault is in the log, because no byte may be forwarded after that
                _connection.Fault = $"{NameOf(_connection.Behavior)} to {NameOf(_connection.Options.Toward)} after {_limit.Reason}";
                if (!fallsSilent)
                    return await BreakOffAsync(over, up, down).ConfigureAwait(false);
            }

            (PumpEnd end, bool clientFirst) = await ended.ConfigureAwait(false);
            return Conclude(end, clientFirst);
        }
        finally
        {
            await StopAsync(over, up, down).ConfigureAwait(false);
        }
    }

    private static string NameOf(ServerBehavior behavior) => behavior switch
    {
        ServerBehavior.ForwardThenClose => "FIN",
        ServerBehavior.ForwardThenReset => "RST",
        _ => "silence",
    };

    private static string NameOf(ForwardSide side) => side switch
    {
        ForwardSide.Client => "the client",
        ForwardSide.Upstream => "the upstream server",
        _ => "both sides",
    };

    /// <summary>Waits until both directions have ended, or one side has failed.</summary>
    private static async Task<(PumpEnd End, bool ClientFirst)> EndAsync(Task<PumpEnd> up, Task<PumpEnd> down)
    {
        PumpEnd end = await (await Task.WhenAny(up, down).ConfigureAwait(false)).ConfigureAwait(false);
        if (end.Failed is not null)
            return (end, false);
        (PumpEnd client, PumpEnd upstream) = (await up.ConfigureAwait(false), await down.ConfigureAwait(false));
        return (client.Error is null ? upstream : client, upstream.IsHidden || client.Ticks <= upstream.Ticks);
    }

    private static async Task StopAsync(CancellationTokenSource over, params Task[] pumps)
    {
        await over.CancelAsync().ConfigureAwait(false);
        foreach (Task pump in pumps)
            await pump.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
    }

    private TimeSpan Left(TimeSpan time) => time > _connection.Age ? time - _connection.Age : TimeSpan.Zero;

    private CloseMode Conclude(PumpEnd end, bool clientFirst)
    {
        switch (end.Failed)
        {
            case ForwardSide.Client:
                ResetsUpstream = true;
                throw end.Error!;
            case ForwardSide.Upstream:
                _connection.Fault ??= "RST of the upstream server forwarded";
                return CloseMode.Reset;
            case null when end.Error is { } hidden:
                throw hidden;
            default:
                return clientFirst ? CloseMode.ClientClosed : CloseMode.Finish;
        }
    }

    /// <summary>Sends FIN or RST to the chosen sides, and FIN to the other one.</summary>
    private async Task<CloseMode> BreakOffAsync(CancellationTokenSource over, Task up, Task down)
    {
        await StopAsync(over, up, down).ConfigureAwait(false);
        bool resets = _connection.Behavior == ServerBehavior.ForwardThenReset;
        ResetsUpstream = resets && _limit.Concerns(ForwardSide.Upstream);
        if (ResetsUpstream)
            await SettleAsync(_upstream.Socket).ConfigureAwait(false);
        if (resets && _limit.Concerns(ForwardSide.Client))
        {
            await SettleAsync(_connection.Socket).ConfigureAwait(false);
            return CloseMode.Reset;
        }

        return CloseMode.Finish;
    }

    private void FallSilent()
    {
        if (_limit.Concerns(ForwardSide.Client))
        {
            _toClient.Silence();
            _toUpstream.HideErrors();
        }

        if (_limit.Concerns(ForwardSide.Upstream))
        {
            _toUpstream.Silence();
            _toClient.HideErrors();
        }

        _limit.Apply();
    }

    /// <summary>Waits until sent data were acknowledged. Linux only: other systems do not show unacknowledged bytes.</summary>
    private async Task SettleAsync(Socket socket)
    {
        for (TimeSpan end = _connection.Age + SettleWait; TcpInfo.Of(socket) is { Unacknowledged: > 0 } && _connection.Age < end;)
            await Task.Delay(SettleLook, _connection.Stop).ConfigureAwait(false);
    }
}
