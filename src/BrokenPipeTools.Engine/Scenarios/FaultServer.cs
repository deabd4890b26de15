using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// A server that misbehaves on purpose, to point one's own client at. It takes no thread of its own: connections are served by the
/// pool. All members may be used from any thread.
/// </summary>
public sealed class FaultServer : IDisposable, INaturalOrder<FaultServer>
{
    /// <summary>For connections that are just ending on another thread when the server stops.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(800);

    /// <summary>The error in the log. .NET does not tell whether it was EMFILE (of the process) or ENFILE (of the system).</summary>
    private const string NoDescriptors = "EMFILE";

    /// <summary>If the process is out of descriptors, and has none to give back, accepting again immediately would only fail again.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private static int s_lastId;

    private readonly FaultServerOptions _options;
    private readonly Socket _listener;
    private readonly Service _service;
    private readonly ConnectionLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SocketFile? _socketFile;
    private int _stopped;
    private long _accepted;
    private long _evicted;

    private FaultServer(FaultServerOptions options, Socket listener, int spare)
    {
        _options = options;
        _listener = listener;
        _service = Service.For(options.Behavior);
        _log = new ConnectionLog(options.LogCapacity);
        Capacity = Math.Min(options.MaxConnections, spare);
        Id = Interlocked.Increment(ref s_lastId);
        if (listener.LocalEndPoint is IPEndPoint tcp)
        {
            Address = tcp.Address.ToString();
            Port = tcp.Port;
            EndPoint = Endpoint.Describe(Address, Port);
            Uri = new Uri($"http://{Endpoint.Describe(Reachable(tcp.Address).ToString(), Port)}/");
        }
        else
        {
            EndPoint = listener.LocalEndPoint!.ToString()!;
            _socketFile = new SocketFile(EndPoint);
        }
    }

    /// <summary>Counts the servers of this process, from 1.</summary>
    public int Id { get; }

    /// <summary>What it does to whoever connects.</summary>
    public ServerBehavior Behavior => _options.Behavior;

    /// <summary>Where it listens, as the user writes it: address and port, or the path of a Unix-domain socket.</summary>
    public string EndPoint { get; }

    /// <summary>The address it listens on; null on a Unix-domain socket.</summary>
    public string? Address { get; }

    /// <summary>The port it listens on; 0 on a Unix-domain socket.</summary>
    public int Port { get; }

    /// <summary>What to give to an HTTP client on this machine; null on a Unix-domain socket.</summary>
    public Uri? Uri { get; }

    /// <summary>When it began to listen (UTC).</summary>
    public DateTime StartTime { get; } = DateTime.UtcNow;

    /// <summary>False once it was stopped.</summary>
    public bool IsRunning => Volatile.Read(ref _stopped) == 0;

    /// <summary>Connections accepted since the start.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections that are open now.</summary>
    public int Open => _log.Open;

    /// <summary>Connections held at once: <see cref="FaultServerOptions.MaxConnections"/>, or fewer if the system allows the process too few descriptors.</summary>
    public int Capacity { get; }

    /// <summary>Connections closed to make room for others.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>The log: what is open and what has ended, the latest <see cref="FaultServerOptions.LogCapacity"/>, by number. A snapshot.</summary>
    public RecordList<ServedConnection> Connections => [.. _log.Snapshot()];

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ServerStartException">It cannot listen there, or an option is out of its range.</exception>
    public static FaultServer Start(FaultServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int spare = DescriptorLimit.Spare - 1; // the listener takes one
        if (spare < 1)
            throw new ServerStartException(ServerProblemId.TooFewDescriptors, "the system allows this process too few file descriptors; allow more (ulimit -n)");
        FaultServer server = new(options, ListenerSocket.Open(options), spare);
        _ = server.AcceptAsync();
        return server;
    }

    /// <summary>
    /// Waits until so many connections have ended since the start. The server notices a client's close a
    /// little after the client has called it: this is for a test that wants the log complete.
    /// </summary>
    /// <returns>False where they had not after <paramref name="timeout"/>.</returns>
    public bool WaitForEnded(long count, TimeSpan timeout) => _log.WaitForEnded(count, timeout);

    /// <summary>
    /// Stops listening, closes every connection (with FIN; RST where data was unread) and removes a Unix-domain socket's file, if it is still the one that was bound. Takes
    /// well under a second. Stopping again does nothing.
    /// </summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        _stop.Cancel();
        foreach (Conversation conversation in _log.OpenConversations)
            Conclude(conversation, ServedEnding.Stopped, error: null); // here, not on the pool: its threads may all be busy
        SpinWait.SpinUntil(() => _log.Open == 0, StopPatience);
        ProcessGate.Close(_listener);
        _socketFile?.Remove();
    }

    /// <inheritdoc cref="Stop"/>
    public void Dispose() => Stop();

    /// <summary>By id: the order in which they were started.</summary>
    public int CompareTo(FaultServer? other) => other is null ? 1 : Id.CompareTo(other.Id);

    /// <inheritdoc/>
    public override string ToString() => DisplayText.Of($"{Behavior} on {EndPoint}");

    /// <summary>Without a descriptor for the next connection, accept4 fails although there is none (Linux net/socket.c, __sys_accept4_file).</summary>
    private bool IsAnyoneWaiting => _listener.Poll(0, SelectMode.SelectRead);

    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private async Task AcceptAsync()
    {
        await Task.Delay(1).ConfigureAwait(false); // makes the runtime's timer thread, which it could not when it has no descriptors left
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Receive(await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
                failures = 0;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                bool madeRoom = e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } && IsAnyoneWaiting && Evict(NoDescriptors);
                if (!madeRoom || ++failures > 1)
                    await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                break;
            }
        }
    }

    private void Receive(Socket client)
    {
        if (_log.Open >= Capacity)
            Evict(error: null);
        Conversation conversation = new(Interlocked.Increment(ref _accepted), client, _options, _stop.Token);
        _log.Begin(conversation);
        if (_stop.IsCancellationRequested)
            Conclude(conversation, ServedEnding.Stopped, error: null); // it came too late for Stop to see it
        else
            _ = ServeAsync(conversation);
    }

    /// <summary>
    /// Closes the connection over which no byte has gone for the longest time, so that clients that stay silent, or do not read, keep
    /// nobody out. Returns false if there is none.
    /// </summary>
    private bool Evict(string? error)
    {
        if (_log.Idlest is not { } idlest || !Conclude(idlest, ServedEnding.Evicted, error))
            return false;
        Interlocked.Increment(ref _evicted);
        return true;
    }

    private async Task ServeAsync(Conversation conversation)
    {
        ServedEnding ending = ServedEnding.Failed;
        string? error = null;
        try
        {
            ending = conversation.Prepare(await _service.ServeAsync(conversation).ConfigureAwait(false));
        }
        catch (SocketException e)
        {
            (ending, error) = (EndingOf(e.SocketErrorCode), SocketErrors.Name(e));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            ending = ServedEnding.Stopped;
        }
        finally
        {
            Conclude(conversation, ending, error);
        }
    }

    /// <summary>
    /// Logs it, then closes it: a client that sees its connection end finds that in the log already. Who comes second, Stop or the
    /// service, finds it done, and gets false.
    /// </summary>
    private bool Conclude(Conversation conversation, ServedEnding ending, string? error)
    {
        if (!conversation.TryConclude())
            return false;
        ServedConnection connection = conversation.Describe(ending, error);
        _options.ConnectionEnded?.Invoke(connection);
        _log.End(connection);
        conversation.Close(interrupted: ending is ServedEnding.Stopped or ServedEnding.Evicted);
        return true;
    }

    /// <summary>EPIPE comes where the client's FIN was followed by the RST that our data drew (man 2 write).</summary>
    private static ServedEnding EndingOf(SocketError error) => error switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted => ServedEnding.ResetByClient,
        SocketError.Shutdown => ServedEnding.ClosedByClient,
        _ => ServedEnding.Failed,
    };
}
