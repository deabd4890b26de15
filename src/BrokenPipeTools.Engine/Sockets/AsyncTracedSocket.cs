using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// A client's socket whose every call is recorded, and whose waiting holds no thread: hundreds of them may wait at once. A call that
/// is cancelled, or for which the time is up, returns <c>blocks</c>, as a socket that may not wait would.
/// </summary>
internal sealed class AsyncTracedSocket : IDisposable
{
    private readonly SocketTrace _trace;
    private readonly List<TcpState> _states = [];

    public AsyncTracedSocket(Socket socket, SocketTrace trace)
    {
        Socket = socket;
        _trace = trace;
    }

    /// <summary>For options; calls that are to be seen go through this class.</summary>
    public Socket Socket { get; }

    public long BytesReceived { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>When the last payload went or came; before there was any, when the connection came about (<see cref="Stopwatch"/>).</summary>
    public long LastPayloadAt { get; private set; }

    /// <summary>The same without the bytes received last: those may turn out to be no payload.</summary>
    public long PayloadBeforeLastAt { get; private set; }

    /// <summary>Bytes of the last receive that gave any.</summary>
    public int LastReceived { get; private set; }

    /// <summary>
    /// The error that connect returned although the handshake had come about: a RST so quick that it was there before connect could
    /// say "ok". It was the socket's pending error, so no later call gets it. Null for none.
    /// </summary>
    public SocketStep? ResetInConnect { get; private set; }

    /// <summary>Whether the last payload was the peer's.</summary>
    public bool LastWasReceived { get; private set; }

    /// <summary>The states seen, in order, each once in a row.</summary>
    public string States => string.Join(' ', _states);

    /// <summary>connect; the error is the call's own.</summary>
    public async Task<SocketStep> ConnectAsync(IPEndPoint to, CancellationToken cancellation)
    {
        SocketStep step = await RecordAsync($"connect({Endpoint.Describe(to.Address.ToString(), to.Port)})", async () =>
        {
            await Socket.ConnectAsync(to, cancellation).ConfigureAwait(false);
            LastPayloadAt = PayloadBeforeLastAt = Stopwatch.GetTimestamp();
            return SocketOutcome.Ok;
        }).ConfigureAwait(false);

        // A RST that answers the SYN is ECONNREFUSED (RFC 9293, section 3.10.7.3; tcp_reset of net/ipv4/tcp_input.c).
        if (step.Result is "ECONNRESET" or "WSAECONNRESET")
        {
            ResetInConnect = step;
            LastPayloadAt = PayloadBeforeLastAt = Stopwatch.GetTimestamp();
        }

        if (LastPayloadAt != 0 && step.TcpState is not null && _states[0] != TcpState.Established)
            _states.Insert(0, TcpState.Established); // the peer was quicker with its close than anybody can look
        return step;
    }

    /// <summary>recv of whatever comes first.</summary>
    public Task<SocketStep> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) => RecordAsync("recv", async () =>
    {
        int count = await Socket.ReceiveAsync(buffer, SocketFlags.None, cancellation).ConfigureAwait(false);
        if (count > 0)
        {
            BytesReceived += count;
            LastReceived = count;
            PayloadBeforeLastAt = LastPayloadAt;
            LastPayloadAt = Stopwatch.GetTimestamp();
            LastWasReceived = true;
        }

        return SocketOutcome.Received(count);
    });

    /// <summary>send of all of it.</summary>
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

    /// <summary>Waits until something can be read, the end or an error included, and leaves it there. One error is taken, though.</summary>
    public Task<SocketStep> AwaitReadableAsync(CancellationToken cancellation) => RecordAsync("poll(POLLIN)", async () =>
    {
        await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation).ConfigureAwait(false);
        return SocketOutcome.Ok;
    });

    /// <summary>shutdown(SHUT_WR): a FIN.</summary>
    public SocketStep ShutdownSending() => Record("shutdown(SHUT_WR)", () =>
    {
        Socket.Shutdown(SocketShutdown.Send);
        return SocketOutcome.Ok;
    });

    /// <summary>close with SO_LINGER 0: a RST. What was not acknowledged would else be repeated for minutes.</summary>
    public SocketStep Abort() => Record("close (SO_LINGER 0)", () =>
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
        return SocketOutcome.Ok;
    });

    /// <summary>close: a FIN; a RST where data were left unread.</summary>
    public SocketStep Close() => Record("close", () =>
    {
        Socket.Close();
        return SocketOutcome.Ok;
    });

    /// <summary>What was received last turned out to be no payload.</summary>
    public void DiscountLastReceived() => LastPayloadAt = PayloadBeforeLastAt;

    /// <summary>What the kernel says now; null where it says nothing.</summary>
    public TcpInfoSnapshot? Look()
    {
        TcpInfoSnapshot? info = TcpInfo.Of(Socket);
        Note(info?.State);
        return info;
    }

    public void Dispose() => Socket.Dispose();

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

    private SocketStep Record(string call, Func<SocketOutcome> make) => _trace.Record(StepSide.Client, call, () =>
    {
        try
        {
            return make();
        }
        catch (SocketException error)
        {
            return SocketOutcome.Failed(error);
        }
    }, State);

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
