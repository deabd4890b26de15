using System.Buffers.Text;
using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>The connection of a probe, with the actions that all kinds of probes share.</summary>
internal sealed class ProbeConnection(ProbeChannel channel, TeardownOptions options, ReadOnlyMemory<byte> request, TeardownObservation seen, Func<CancellationToken, Task<string>> reconnect)
{
    /// <summary>The bytes that are written after the close if no payload was requested: a line feed, which most protocols ignore.</summary>
    internal static readonly byte[] LeastPayload = "\n"u8.ToArray();

    /// <summary>
    /// The shortest wait for a RST. A RST takes a round trip, and longer if the peer is busy. A peer that has not reset the connection by then has
    /// only half-closed it.
    /// </summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest time between a closing message and the close of the same side.</summary>
    private static readonly TimeSpan ClosingMessageTime = TimeSpan.FromMilliseconds(200);

    internal static readonly TimeSpan MostWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a send returned the reset. The kernel returns an error only once (net/core/sock.c, sock_error), so the next read returns the end.
    /// </summary>
    private bool _sendWasReset;

    private readonly AnswerReader _answer = new();
    private int _arrivals;

    public AsyncTracedSocket Socket => channel.Socket;

    public ProbeChannel Channel => channel;

    public TeardownOptions Options => options;

    public TeardownObservation Seen => seen;

    /// <summary>The requested payload; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Request => request;

    /// <summary>How long to wait for an answer or a RST: some round trips.</summary>
    public TimeSpan AnswerWait => Clamp(seen.RoundTrip * 4, LeastWait, MostWait);

    /// <summary>Sends the requested payload, if there is any.</summary>
    public async Task SendRequestAsync(CancellationToken cancellation)
    {
        if (request.IsEmpty)
            return;
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(options.WaitLimit);
        seen.RequestSent = true;
        seen.BodySent = HttpRequest.HasBody(request.Span);
        SocketStep sent = await channel.SendAsync(request, time.Token).ConfigureAwait(false);
        _sendWasReset |= SocketErrors.Portable(sent.Result) is "ECONNRESET" or "ECONNABORTED";
    }

    /// <summary>Reads all data until the peer closes or the time is over. Notes how the peer closed.</summary>
    public async Task<Arrival> AwaitCloseAsync(TimeSpan limit, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan left = limit - Stopwatch.GetElapsedTime(begin);
            Arrival arrival = await channel.ReceiveAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left, cancellation).ConfigureAwait(false);
            if (arrival.Kind == ArrivalKind.Data)
                NoteAnswer(arrival.Data.Span);
            if (arrival.Kind == ArrivalKind.Data && Stopwatch.GetElapsedTime(begin) < limit)
                continue;
            Note(arrival, cancellation);
            return arrival;
        }
    }

    /// <summary>Notes the close from the result of a read that returned no data.</summary>
    public void Note(Arrival arrival, CancellationToken cancellation)
    {
        TimeSpan silence = Stopwatch.GetElapsedTime(Socket.LastPayloadAt);
        TimeSpan late = arrival.Kind == ArrivalKind.End ? Socket.LatenessOfEnd() : TimeSpan.Zero;
        silence = late < silence ? silence - late : TimeSpan.Zero;
        seen.ClosingMessage = IsClosingMessage(arrival, silence);
        if (seen.ClosingMessage)
            silence += Socket.SilenceBeforeLast;
        if (seen is { ClosingMessage: true, Requests: null } && _arrivals == 1)
            seen.Answered = false;
        seen.Waited = silence;
        seen.BytesBeforeClose = Socket.BytesSent + Socket.BytesReceived;
        seen.Cancelled |= cancellation.IsCancellationRequested && arrival.Kind == ArrivalKind.Nothing;
        if (arrival.Kind is not (ArrivalKind.End or ArrivalKind.Failed))
            return;
        seen.Read = arrival.Result;
        seen.Mechanism = _sendWasReset ? CloseMechanism.Reset
            : arrival.Kind == ArrivalKind.End ? CloseMechanism.Fin
            : MechanismOf(arrival.Result, silence);
        seen.ClosedAt = DateTime.UtcNow - late;
        seen.ClosedAfter = seen.Mechanism is CloseMechanism.Silence or CloseMechanism.Unreachable ? null : silence;
    }

    /// <summary>Notes whether the request was answered, and whether the answer ends the connection (RFC 9112, section 9.6).</summary>
    private void NoteAnswer(ReadOnlySpan<byte> data)
    {
        _arrivals++;
        NoteStatus(data);
        if (!seen.RequestSent || seen.Requests is not null || _answer.IsComplete)
            return; // a KeepAliveRace probe reads its answers itself
        _answer.Feed(data);
        seen.Answered = _answer.HasBegun && _answer.Status != CloseDiagnosis.RequestTimeout;
        seen.Announced = _answer.Announced;
    }

    /// <summary>Notes the status of an HTTP answer. It is in the first line (RFC 9112, section 4), which servers send in one piece.</summary>
    private void NoteStatus(ReadOnlySpan<byte> data)
    {
        const int StatusAt = 9;
        if (data.Length >= StatusAt + 3 && data.StartsWith("HTTP/1."u8) && Utf8Parser.TryParse(data.Slice(StatusAt, 3), out int status, out int read) && read == 3)
            seen.HttpStatus = status;
    }

    /// <summary>Writes twice. The first write causes the RST; the second one returns the error.</summary>
    public async Task WriteAfterCloseAsync(CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> late = request.IsEmpty ? LeastPayload : request;
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(MostWait);
        long begin = Stopwatch.GetTimestamp();
        SocketStep first = await channel.SendAsync(late, time.Token).ConfigureAwait(false);
        seen.FirstWrite = first.Result;
        if (first.Result == "ok" && await AwaitResetAsync(begin, cancellation).ConfigureAwait(false))
            seen.ResetAfter = Stopwatch.GetElapsedTime(begin);
        if (cancellation.IsCancellationRequested)
        {
            seen.Cancelled = true;
            return;
        }

        seen.SecondWrite = (await channel.SendAsync(late, time.Token).ConfigureAwait(false)).Result;
        if (seen.Mechanism == CloseMechanism.Fin && seen.SecondWrite == "ok")
            await AwaitResetAsync(Stopwatch.GetTimestamp(), cancellation).ConfigureAwait(false);
    }

    /// <summary>Waits for a RST in answer to the last segment. Returns false if none came in time.</summary>
    public async Task<bool> AwaitResetAsync(long begin, CancellationToken cancellation)
    {
        while (true)
        {
            TcpInfoSnapshot? info = Socket.ReadInfo();
            if (info is { State: TcpState.Closed } || (info is null && Socket.Socket.Poll(0, SelectMode.SelectError)))
                return true;
            if (info is { } known)
                seen.Acknowledged = known.Unacknowledged == 0;
            TimeSpan waited = Stopwatch.GetElapsedTime(begin);
            if (waited >= AnswerWait || cancellation.IsCancellationRequested)
                return false;
            await PauseAsync(Clamp(waited / 16, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50)), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a second connection to the same address, sends nothing, and closes it. This checks whether the path and the host still work.</summary>
    public async Task ReconnectAsync(CancellationToken cancellation) => seen.Reconnect = await reconnect(cancellation).ConfigureAwait(false);

    /// <summary>Waits. Returns early if the probe is canceled.</summary>
    public static Task PauseAsync(TimeSpan time, CancellationToken cancellation) =>
        Task.Delay(time, cancellation).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>
    /// Returns whether the last message is a closing message. A slow answer that is followed by a close looks the same, so the message must be
    /// unsolicited. In HTTP the rest of a slow answer is unsolicited too, so there the message must have a status line.
    /// </summary>
    private bool IsClosingMessage(Arrival arrival, TimeSpan silence) => arrival.Kind is ArrivalKind.End or ArrivalKind.Failed
        && !seen.ClosedFirst && Socket.LastWasReceived && silence < ClosingMessageTime
        && (seen.HttpStatus == CloseDiagnosis.RequestTimeout ? Socket.SilenceBeforeLast > ClosingMessageTime
            : seen.HttpStatus == 0 && Socket.LastWasUnasked && Socket.SilenceBeforeLast >= CloseDiagnosis.ShortestTimeout);

    /// <summary>
    /// Returns the mechanism for the error of a read. A RST counts as an answer if it follows this side's last unanswered segment within a few round
    /// trips.
    /// </summary>
    private CloseMechanism MechanismOf(string result, TimeSpan silence) => SocketErrors.Portable(result) switch
    {
        "ETIMEDOUT" => CloseMechanism.Silence,
        "EHOSTUNREACH" or "ENETUNREACH" or "EHOSTDOWN" or "ENETDOWN" => CloseMechanism.Unreachable,
        _ when Socket is { BytesSent: > 0, LastWasReceived: false } && silence <= AnswerWait => CloseMechanism.ResetInReply,
        _ => CloseMechanism.Reset,
    };

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
