using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// One connection of a server: its socket, its traffic and its end. If a call is pending on the socket, only Stop or an eviction closes it, and calls
/// shutdown(2) first. Without shutdown(2), .NET would turn the close into a RST.
/// </summary>
internal sealed class ServerConnection(long number, Socket socket, BrokenPipeServerOptions options, ServerTls? tls, UpstreamSlots upstreams, CancellationToken stop) : LogEntry(number), IDisposable
{
    /// <summary>The value that {ReceiveAsync(Memory<see cref="byte"/>, TimeSpan?, bool)} returns if no byte came in time.</summary>
    public const int NothingCame = -1;

    private const int LongestLine = 200;
    private const int LongestText = 2000;
    private const int DiscardBytes = 4096;
    private const int BehaviorsKept = 100;

    /// <summary>
    /// How long a client may take to close after the server has closed. After that, its data are answered with RST. nginx's lingering_time is 30 s.
    /// </summary>
    private static readonly TimeSpan LingeringTime = TimeSpan.FromSeconds(2);

    private readonly ReceivedText _text = options.Behavior == ServerBehavior.UnixSink ? new(LongestText, manyLines: true) : new(LongestLine, manyLines: false);
    private readonly DateTime _start = DateTime.UtcNow;
    private readonly long _startTicks = Stopwatch.GetTimestamp();
    private readonly EndPoint? _remote = EndPointOf(() => socket.RemoteEndPoint);
    private readonly EndPoint? _local = EndPointOf(() => socket.LocalEndPoint);
    private long _received;
    private int _requests;
    private long _lastByteTicks = Stopwatch.GetTimestamp();
    private readonly Queue<ServerBehavior> _behaviors = [];
    private readonly SendGate _gate = new();
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private Transport _transport = new PlainTransport(socket);
    private ReadOnlyMemory<byte> _pushedBack;
    private string? _protocol;
    private bool _finishes;

    /// <summary>The current behavior.</summary>
    public ServerBehavior Behavior { get; private set; }

    /// <summary>The upstream server that the connection is forwarded to; null if it is not forwarded.</summary>
    public string? Upstream { get; set; }

    /// <summary>The fault that the forwarding caused; null if it caused none.</summary>
    public string? Fault { get; set; }

    /// <summary>The client's socket, to read its state.</summary>
    public Socket Socket => socket;

    /// <summary>The time since the connection was accepted.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_startTicks);

    /// <summary>Canceled when the server stops.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Canceled if the connection is closed or the server stops. It ends work for the connection that does not use its socket.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The place among the sockets to the upstream server, whose number is bounded.</summary>
    public UpstreamSlot UpstreamSlot { get; } = new(upstreams);

    public BrokenPipeServerOptions Options => options;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How to close if the behavior closes by its own decision.</summary>
    public CloseMode OwnCloseMode => options.Abort ? CloseMode.Reset : CloseMode.Finish;

    /// <summary>The time of the last byte in either direction; before the first byte, the time of the accept (<see cref="Stopwatch"/>).</summary>
    public long LastByteTicks => Volatile.Read(ref _lastByteTicks);

    /// <summary>Whether the head of a request was not complete in time. The behavior then did not begin.</summary>
    public bool HeaderTimedOut { get; set; }

    /// <summary>Whether there are received bytes that the behavior has not read.</summary>
    private bool HasUnread => Unread > 0 || socket.Available > 0;

    private int Unread => _pushedBack.Length + _transport.Held;

    /// <summary>Sets the current behavior, and returns it.</summary>
    public ServerBehavior SetBehavior(ServerBehavior behavior)
    {
        Behavior = behavior;
        lock (_behaviors)
        {
            if (_behaviors.Count == BehaviorsKept)
                _behaviors.Dequeue();
            _behaviors.Enqueue(behavior);
        }

        return behavior;
    }

    /// <summary>Makes the TLS handshake. Does nothing if the server does not use TLS.</summary>
    /// <exception cref="HandshakeException">The handshake failed, or it took too long.</exception>
    /// <exception cref="SocketException">The socket failed.</exception>
    public async ValueTask ShakeHandsAsync(bool serverHelloOnly = false)
    {
        if (tls is null)
            return;
        socket.NoDelay = true; // otherwise the answer waits until TLS 1.3's tickets are acknowledged, which the client delays
        TlsTransport transport = new(socket, options.SendsCloseNotify);
        _transport = transport;
        await transport.ShakeHandsAsync(tls.Options, serverHelloOnly, options.HeaderTimeout, stop).ConfigureAwait(false);
        Volatile.Write(ref _lastByteTicks, Stopwatch.GetTimestamp());
        Volatile.Write(ref _protocol, transport.Protocol);
    }

    /// <summary>Stores bytes that came after the end of a request. The next read returns them.</summary>
    public void PushBack(ReadOnlySpan<byte> bytes) => _pushedBack = bytes.ToArray();

    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>
    /// Returns the number of bytes received; 0 if the client has closed; <see cref="NothingCame"/> if nothing came within <paramref name="limit"/>.
    /// </summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, TimeSpan? limit = null, bool peek = false)
    {
        if (limit is not { } time)
            return await ReceiveAsync(buffer, stop, peek).ConfigureAwait(false);
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer.CancelAfter(time);
        try
        {
            return await ReceiveAsync(buffer, timer.Token, peek).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return NothingCame;
        }
    }

    /// <summary>Receives bytes. Returns their number; 0 if the client has closed. If the buffer is empty, waits until something can be read.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation, bool peek = false)
    {
        if (_pushedBack.Length > 0)
            return ReceivePushedBack(buffer, peek);
        int count = await _transport.ReceiveAsync(buffer, peek, cancellation).ConfigureAwait(false);
        if (!peek)
            Note(buffer.Span[..count]);
        return count;
    }

    /// <summary>Sends all bytes. Waits if the client does not read. Meanwhile nothing is read, which bounds the memory.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => SendAsync(bytes, stop);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte})"/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            int count = await _gate.SendAsync(_transport, bytes, cancellation).ConfigureAwait(false);
            Volatile.Write(ref _lastByteTicks, Stopwatch.GetTimestamp());
            bytes = bytes[count..];
        }
    }

    /// <summary>Makes the kernel send all bytes immediately, without collecting small ones (RFC 896).</summary>
    public void SendAtOnce() => socket.NoDelay = true;

    /// <summary>Sends FIN. Reading remains possible.</summary>
    public ValueTask FinishSendingAsync() => _transport.FinishSendingAsync(stop);

    /// <summary>Reads and discards all data that arrive within the <paramref name="limit"/>. Returns 0 if the client has closed.</summary>
    public async ValueTask<int> DiscardAsync(TimeSpan? limit = null)
    {
        byte[] scratch = new byte[DiscardBytes];
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan? left = limit - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return NothingCame;
            int count = await ReceiveAsync(scratch, left).ConfigureAwait(false);
            if (count <= 0)
                return count;
        }
    }

    /// <summary>Reads and discards the received data, so that the close sends FIN. No read is possible after that.</summary>
    public ValueTask DiscardAvailableAsync()
    {
        _pushedBack = default;
        return _transport.DiscardAvailableAsync(stop);
    }

    /// <summary>
    /// Sends FIN and continues to read for a while. A RST in answer to late data could destroy data that the client has not read yet (RFC 9112,
    /// section 9.6).
    /// </summary>
    public async ValueTask<CloseMode> CloseGentlyAsync()
    {
        await FinishSendingAsync().ConfigureAwait(false);
        await DiscardAsync(LingeringTime).ConfigureAwait(false);
        return CloseMode.Finish;
    }

    /// <summary>Prepares the close. Returns how the client will see it.</summary>
    public async ValueTask<ServedEnding> PrepareAsync(CloseMode mode)
    {
        bool reset = mode == CloseMode.Reset;
        try
        {
            if (mode == CloseMode.Finish)
                await DiscardAvailableAsync().ConfigureAwait(false);
            await _transport.ReleaseAsync(orderly: !reset && !HasUnread).ConfigureAwait(false);
            if (!reset && Unread > 0 && socket.Available == 0)
                reset = true; // the kernel does not know that the program did not read these bytes
            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            else
                reset = mode != CloseMode.Finish && socket.Available > 0;
            _finishes = !reset;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has just reset the connection: there is nothing left to send.
        }

        if (HeaderTimedOut)
            return ServedEnding.HeaderTimeout;
        return mode == CloseMode.ClientClosed ? ServedEnding.ClosedByClient : reset ? ServedEnding.ResetByServer : ServedEnding.ClosedByServer;
    }

    public override void StopSending() => _gate.Close();

    /// <summary>
    /// Closes the socket after <see cref="PrepareAsync"/>. If a request arrives at this moment, the kernel would send RST, although the log already
    /// contains a FIN. Calling shutdown(2) first prevents that. On Linux it also ends the reading side, so that data that come before close(2) are
    /// answered with RST, as after it (net/ipv4/tcp_input.c, tcp_rcv_state_process), and do not count as unread data that the server had accepted.
    /// </summary>
    /// <param name="interrupted">True if a call may still be in progress on the socket. .NET would then close with RST, unless shutdown(2) has sent
    /// FIN.</param>
    public override void Close(bool interrupted)
    {
        try
        {
            if (interrupted || _finishes)
                socket.Shutdown(OperatingSystem.IsLinux() && !interrupted ? SocketShutdown.Both : SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has ended by itself.
        }

        SharedDescriptors.Close(socket);
        _transport.Dispose();
        _over.Cancel();
        _over.Dispose();
    }

    /// <summary>Closes the connection as Stop and an eviction do.</summary>
    public void Dispose() => Close(interrupted: true);

    public override ServedConnection Describe(ServedEnding ending, string? error = null)
    {
        ServerBehavior[] met;
        lock (_behaviors)
            met = [.. _behaviors];
        return Describe(met, ending, error);
    }

    private ServedConnection Describe(ServerBehavior[] met, ServedEnding ending, string? error) => new()
    {
        Number = Number,
        Behavior = met.Length > 0 ? met[^1] : null,
        Behaviors = [.. met],
        RemoteAddress = (_remote as IPEndPoint)?.Address.ToString() ?? "",
        RemotePort = (_remote as IPEndPoint)?.Port ?? 0,
        LocalAddress = (_local as IPEndPoint)?.Address.ToString() ?? _local?.ToString() ?? "",
        LocalPort = (_local as IPEndPoint)?.Port ?? 0,
        StartTime = _start,
        Duration = Age.TotalSeconds,
        BytesReceived = Interlocked.Read(ref _received),
        BytesSent = _gate.Sent,
        Requests = Requests,
        RequestLine = _text.Value,
        Ending = ending,
        Error = error,
        Tls = Volatile.Read(ref _protocol),
        Upstream = Upstream,
        Fault = Fault,
    };

    private static EndPoint? EndPointOf(Func<EndPoint?> get)
    {
        try
        {
            return get();
        }
        catch (SocketException)
        {
            return null; // the connection was reset before the accept; some systems then have no address
        }
    }

    private int ReceivePushedBack(Memory<byte> buffer, bool peek)
    {
        int count = Math.Min(buffer.Length, _pushedBack.Length);
        _pushedBack[..count].CopyTo(buffer);
        if (!peek)
            _pushedBack = _pushedBack[count..];
        return count;
    }

    private void Note(ReadOnlySpan<byte> received)
    {
        if (received.Length == 0)
            return;
        Interlocked.Add(ref _received, received.Length);
        Volatile.Write(ref _lastByteTicks, Stopwatch.GetTimestamp());
        _text.Add(received);
    }
}
