using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>One connection that is passed on, up to its limit and beyond.</summary>
internal sealed class Forwarding
{
    /// <summary>RST discards unsent data of the kernel: the longest time to wait until forwarded data has arrived.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SettleLook = TimeSpan.FromMilliseconds(1);

    private readonly Conversation _conversation;
    private readonly UpstreamEnd _upstream;
    private readonly ForwardLimit _limit;
    private readonly ForwardPump _toUpstream;
    private readonly ForwardPump _toClient;

    public Forwarding(Conversation conversation, UpstreamEnd upstream)
    {
        _conversation = conversation;
        _upstream = upstream;
        _limit = new ForwardLimit(conversation.Options, Fails);
        ClientEnd client = new(conversation);
        _toUpstream = new ForwardPump(client, upstream, _limit);
        _toClient = new ForwardPump(upstream, client, _limit);
    }

    /// <summary>The upstream server's end is to be closed with RST.</summary>
    public bool ResetsUpstream { get; private set; }

    private bool Fails => _conversation.Behavior != ServerBehavior.Forward;

    /// <summary>Runs to the end, and returns how the client's end is to be closed. Afterwards no call is under way on either end.</summary>
    /// <exception cref="SocketException">The client failed.</exception>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    public async Task<Farewell> RunAsync()
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_conversation.Stop);
        using Timer? timer = Fails && _conversation.Options.AfterTime is { } time ? new Timer(_ => _limit.Expire(), null, Left(time), Timeout.InfiniteTimeSpan) : null;
        Task<PumpEnd> up = _toUpstream.RunAsync(over.Token);
        Task<PumpEnd> down = _toClient.RunAsync(over.Token);
        Task<(PumpEnd End, bool ClientFirst)> ended = EndAsync(up, down);
        try
        {
            await Task.WhenAny(ended, _limit.Reached).ConfigureAwait(false);
            if (!ended.IsCompleted)
            {
                _conversation.Fault = $"{NameOf(_conversation.Behavior)} to {NameOf(_conversation.Options.Toward)} after {_limit.Reason}";
                if (_conversation.Behavior != ServerBehavior.ForwardThenSilence)
                    return await BreakOffAsync(over, up, down).ConfigureAwait(false);
                FallSilent();
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

    /// <summary>Until both directions have ended, or one side has failed.</summary>
    private static async Task<(PumpEnd End, bool ClientFirst)> EndAsync(Task<PumpEnd> up, Task<PumpEnd> down)
    {
        PumpEnd end = await (await Task.WhenAny(up, down).ConfigureAwait(false)).ConfigureAwait(false);
        if (end.Failed is not null)
            return (end, false);
        (PumpEnd client, PumpEnd upstream) = (await up.ConfigureAwait(false), await down.ConfigureAwait(false));
        return (client.Failed is null ? upstream : client, client.Ticks <= upstream.Ticks);
    }

    private static async Task StopAsync(CancellationTokenSource over, params Task[] pumps)
    {
        await over.CancelAsync().ConfigureAwait(false);
        foreach (Task pump in pumps)
            await pump.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
    }

    private TimeSpan Left(TimeSpan time) => time > _conversation.Age ? time - _conversation.Age : TimeSpan.Zero;

    private Farewell Conclude(PumpEnd end, bool clientFirst)
    {
        switch (end.Failed)
        {
            case ForwardSide.Client:
                ResetsUpstream = true;
                throw end.Error!;
            case ForwardSide.Upstream:
                _conversation.Fault ??= "RST of the upstream server forwarded";
                return Farewell.Reset;
            default:
                return clientFirst ? Farewell.ClientClosed : Farewell.Finish;
        }
    }

    /// <summary>FIN or RST to the sides that are to meet it, FIN to the other.</summary>
    private async Task<Farewell> BreakOffAsync(CancellationTokenSource over, Task up, Task down)
    {
        await StopAsync(over, up, down).ConfigureAwait(false);
        bool resets = _conversation.Behavior == ServerBehavior.ForwardThenReset;
        ResetsUpstream = resets && _limit.Concerns(ForwardSide.Upstream);
        if (ResetsUpstream)
            await SettleAsync(_upstream.Socket).ConfigureAwait(false);
        if (resets && _limit.Concerns(ForwardSide.Client))
        {
            await SettleAsync(_conversation.Socket).ConfigureAwait(false);
            return Farewell.Reset;
        }

        return Farewell.Finish;
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

    /// <summary>Linux only: other systems do not show unacknowledged bytes.</summary>
    private async Task SettleAsync(Socket socket)
    {
        for (TimeSpan end = _conversation.Age + SettlePatience; TcpInfo.Of(socket) is { Unacknowledged: > 0 } && _conversation.Age < end;)
            await Task.Delay(SettleLook, _conversation.Stop).ConfigureAwait(false);
    }
}
