using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// A client's socket that records every call. A call that waits blocks no thread, so hundreds of calls may wait at the same time. A call that is
/// canceled, or whose time is over, returns blocks, as on a non-blocking socket.
/// </summary>
internal sealed class AsyncTracedSocket : IDisposable
{
    /// <summary>The precision of the times that the kernel reports (CONFIG_HZ is at least 100).</summary>
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(10);

    /// <summary>Bytes that come within this time after other bytes belong to the same message.</summary>
    private static readonly TimeSpan OnePiece = TimeSpan.FromMilliseconds(100);

    private readonly SocketTrace _trace;
    private readonly List<TcpState> _states = [];

    public AsyncTracedSocket(Socket socket, SocketTrace trace)
    {
        Socket = socket;
        _trace = trace;
    }

    /// <summary>The socket itself, for its options. Use the methods of this class for calls that are to be recorded.</summary>
    public Socket Socket { get; }

    public long BytesReceived { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>
    /// The time of the last payload in either direction, in <see cref="Stopwatch"/> ticks. Before the first payload it is the time of the connect.
    /// </summary>
    public long LastPayloadAt { get; private set; }

    /// <summary>As <see cref="LastPayloadAt"/>, but without the bytes of the last receive, which may turn out not to be payload.</summary>
    public long PayloadBeforeLastAt { get; private set; }

    /// <summary>The number of bytes that the last receive with any data returned.</summary>
    public int LastReceived { get; private set; }

    /// <summary>
    /// The error that connect returned although the handshake was complete; null if there was none. It occurs if a RST arrives before connect
    /// returns. It was the socket's pending error, so no later call returns it.
    /// </summary>
    public SocketStep? ResetInConnect { get; private set; }

    /// <summary>Whether the last payload came from the peer.</summary>
    public bool LastWasReceived { get; private set; }

    /// <summary>The silence before the peer's last message, which may have come in several segments.</summary>
    public TimeSpan SilenceBeforeLast { get; private set; }

    /// <summary>Whether the peer's last message was unsolicited: nothing was sent to the peer since its previous message, or since the connect.</summary>
    public bool LastWasUnasked { get; private set; }

    /// <summary>The socket states that were observed, in order, without consecutive repetitions.</summary>
    public string States => string.Join(' ', _states);

    /// <summary>Calls connect; its result is the call's own error.</summary>
    public async Task<SocketStep> ConnectAsync(IPEndPoint to, CancellationToken cancellation)
    {
        SocketStep step = await RecordAsync($"connect({new EndpointText(to)})", async () =>
        {
            await Socket.ConnectAsync(to, cancellation).ConfigureAwait(false);
            LastPayloadAt = PayloadBeforeLastAt = ArrivalTime();
            return SocketOutcome.Ok;
        }).ConfigureAwait(false);

        // If a RST answers the SYN, the error is ECONNREFUSED (RFC 9293, section 3.10.7.3; tcp_reset of net/ipv4/tcp_input.c), so ECONNRESET comes
        // after the handshake.
        if (SocketErrors.Portable(step.Result) == "ECONNRESET")
        {
            ResetInConnect = step;
            LastPayloadAt = PayloadBeforeLastAt = Stopwatch.GetTimestamp();
        }

        if (LastPayloadAt != 0 && step.TcpState is not null && _states[0] != TcpState.Established)
            _states.Insert(0, TcpState.Established); // the peer closed before the state could be read
        return step;
    }

    /// <summary>Calls recv.</summary>
    public Task<SocketStep> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => RecordAsync("recv", async () =>
    {
        int count = await Socket.ReceiveAsync(buffer, SocketFlags.None, cancellation).ConfigureAwait(false);
        if (count > 0)
        {
            BytesReceived += count;
            LastReceived = count;
            PayloadBeforeLastAt = LastPayloadAt;
            LastPayloadAt = ArrivalTime();
            TimeSpan silence = Stopwatch.GetElapsedTime(PayloadBeforeLastAt, LastPayloadAt);
            if (!LastWasReceived || silence > OnePiece)
                (SilenceBeforeLast, LastWasUnasked) = (silence, LastWasReceived || BytesSent == 0);
            LastWasReceived = true;
        }

        return SocketOutcome.Received(count);
    });

    /// <summary>Calls send for all bytes.</summary>
    public Task<SocketStep> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        RecordAsync(string.Create(CultureInfo.InvariantCulture, $"send({bytes.Length})"), async () =>
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                int now = await Socket.SendAsync(bytes[sent..], SocketFlags.None, cancellation).ConfigureAwait(false);
                sent += now;
                BytesSent += now;
                LastPayloadAt = PayloadBeforeLastAt = Stopwatch.GetTimestamp();
                LastWasReceived = false;
            }

            return SocketOutcome.Sent(bytes.Length);
        });

    /// <summary>Waits until something can be read, including the end or an error, and reads nothing. A pending error is cleared by this, though.</summary>
    public Task<SocketStep> AwaitReadableAsync(CancellationToken cancellation) => RecordAsync("poll(POLLIN)", async () =>
    {
        await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation).ConfigureAwait(false);
        return SocketOutcome.Ok;
    });

    /// <summary>
    /// Turns on TCP keepalive. Sets the seconds before the first probe and between two probes, and the number of unanswered probes after which the
    /// kernel gives up.
    /// </summary>
    /// <exception cref="SocketException">The system does not accept it, or the connection has just ended.</exception>
    public void KeepAlive(int seconds, int probes)
    {
        Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, probes);
        Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
        Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds); // set last: if this time has already passed, Linux sends the first probe immediately
    }

    /// <summary>Calls shutdown(SHUT_WR), which sends a FIN.</summary>
    public SocketStep ShutdownSending() => Record("shutdown(SHUT_WR)", () =>
    {
        Socket.Shutdown(SocketShutdown.Send);
        return SocketOutcome.Ok;
    });

    /// <summary>Calls close with SO_LINGER 0, which sends a RST. Without SO_LINGER 0, unacknowledged data would be retransmitted for minutes.</summary>
    public SocketStep Abort() => Record("close (SO_LINGER 0)", () =>
    {
        Socket.LingerState = new LingerOption(true, 0);
        ProcessGate.Close(Socket);
        return SocketOutcome.Ok;
    });

    /// <summary>Calls close, which sends a FIN, or a RST if data were unread.</summary>
    public SocketStep Close() => Record("close", () =>
    {
        ProcessGate.Close(Socket);
        return SocketOutcome.Ok;
    });

    /// <summary>Notes that the bytes of the last receive were not payload.</summary>
    public void DiscountLastReceived() => LastPayloadAt = PayloadBeforeLastAt;

    /// <summary>Returns the kernel's current information on the socket; null if there is none.</summary>
    public TcpInfoSnapshot? ReadInfo()
    {
        TcpInfoSnapshot? info = TcpInfo.Of(Socket);
        Note(info?.State);
        return info;
    }

    public void Dispose() => ProcessGate.Close(Socket);

    /// <summary>
    /// Returns how long ago the peer's FIN came; zero if the kernel does not report it, or if it has just come. This thread may run much later on a busy
    /// machine. A FIN acknowledges too, and after it the peer sends no more, so it is the last acknowledgment (net/ipv4/tcp_input.c, tcp_ack).
    /// </summary>
    public TimeSpan LatenessOfEnd() => TcpInfo.Of(Socket) is { State: TcpState.CloseWait, SinceAck: var late } && late > ClockTick ? late : TimeSpan.Zero;

    /// <summary>
    /// Returns the time of the event that was just reported. The kernel has this time with a precision of some milliseconds; this thread runs much
    /// later on a busy machine, or while the program warms up. If a RST has also come in the meantime, its time is late too, and the kernel does not
    /// report it. Then only two readings of this process's clock are comparable.
    /// </summary>
    private long ArrivalTime()
    {
        long now = Stopwatch.GetTimestamp();
        return TcpInfo.Of(Socket) is { State: TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait, SinceData: var late } && late > ClockTick
            ? now - (long)(late.TotalSeconds * Stopwatch.Frequency)
            : now;
    }

    private void Note(TcpState? state)
    {
        if (state is { } now && (_states.Count == 0 || _states[^1] != now))
            _states.Add(now);
    }

    private TcpState? State()
    {
        TcpState? state = TcpInfo.StateOf(Socket);
        Note(state);
        return state;
    }

    private SocketStep Record(string call, Func<SocketOutcome> make) => _trace.Record(StepSide.Client, call, () => SocketOutcome.Of(make), State);

    private Task<SocketStep> RecordAsync(string call, Func<Task<SocketOutcome>> make) => _trace.RecordAsync(StepSide.Client, call, async () =>
    {
        try
        {
            return await make().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return SocketOutcome.Blocks;
        }
        catch (SocketException error)
        {
            return SocketOutcome.Failed(error);
        }
    }, State);
}
