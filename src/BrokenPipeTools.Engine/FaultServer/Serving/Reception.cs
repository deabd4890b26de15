using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Accepts connections, unless an outage keeps clients out, makes room for new ones, and starts to serve each of them.</summary>
internal sealed class Reception(BrokenPipeServerOptions options, Listener listener, BehaviorSequence sequence, ServerTls? tls, int capacity) : IDisposable
{
    /// <summary>
    /// The pause before the next accept if there is no free descriptor and no connection to close. Without the pause, the accept would immediately
    /// fail again.
    /// </summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly UpstreamSlots _upstreams = new(capacity);
    private long _accepted;
    private long _evicted;
    private long _entries;
    private Outage? _outage;
    private OutageEntry? _outageEntry;

    public ConnectionLog Log { get; } = new(options.LogCapacity);

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Begins to listen, or begins the outage if the first behavior is one. When this returns, clients are affected.</summary>
    /// <param name="spare">The number of further sockets that the process may open.</param>
    /// <exception cref="SocketException">Another program has taken the address.</exception>
    /// <exception cref="ServerStartException">The system does not permit an outage.</exception>
    public void Open(int spare)
    {
        if (OperatingSystem.IsLinux() && options.Behaviors.Contains(ServerBehavior.DropSyn))
            DropSynOutage.Require(listener);
        if (!EnterOutage())
            listener.Listen();
        SharedDescriptors.Join(this, spare);
        _ = RunAsync();
    }

    /// <summary>Accepts no more connections, and ends the open ones.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        SharedDescriptors.Leave(this);
        foreach (LogEntry entry in Log.OpenEntries)
            Conclude(entry, ServedEnding.Stopped, error: null); // on this thread, because the threads of the pool may all be busy
    }

    private async Task RunAsync()
    {
        await Task.Delay(1).ConfigureAwait(false); // starts the runtime's timer thread now, because that fails without free descriptors
        int failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (EnterOutage())
                {
                    await SitOutAsync().ConfigureAwait(false);
                }
                else
                {
                    LeaveOutage();
                    await SharedDescriptors.SettleAsync(_stop.Token).ConfigureAwait(false);
                    Receive(await listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
                }

                failures = 0;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                bool madeRoom = e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } && listener.HasWaiting && SharedDescriptors.EvictIdlest();
                if (!madeRoom || ++failures > 1)
                    await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                break;
            }
        }

        _outage?.Dispose();
    }

    private void Receive(Socket client)
    {
        if (listener.IsIgnored(client))
        {
            ProcessGate.Close(client);
            return;
        }

        if (Log.Open >= capacity)
            EvictIdlest();
        SharedDescriptors.Count(client);
        Interlocked.Increment(ref _accepted);
        ServerConnection connection = new(Interlocked.Increment(ref _entries), client, options, tls, _upstreams, _stop.Token);
        Service service = options.Per == ServerStep.Request ? new RequestSequenceService(sequence) : Service.For(connection.SetBehavior(sequence.Take()));
        Begin(connection);
        if (_stop.IsCancellationRequested)
            return;
        SharedDescriptors.KeepReserve();
        TryEnterOutage();
        _ = ServeAsync(connection, service);
    }

    /// <summary>Adds the entry to the log. Ends it immediately if <see cref="Dispose"/> has already closed all entries.</summary>
    private void Begin(LogEntry entry)
    {
        Log.Begin(entry);
        if (_stop.IsCancellationRequested)
            Conclude(entry, ServedEnding.Stopped, error: null);
    }

    private async Task ServeAsync(ServerConnection connection, Service service)
    {
        (ServedEnding ending, string? error) = await ServiceRun.ServeAsync(connection, service).ConfigureAwait(false);
        Conclude(connection, ending, error);
    }

    /// <summary>
    /// If an outage follows after a connection, begins it before the connection is served. A client that connects again as soon as its connection
    /// ends is then affected by the outage. If the system does not permit the outage, the next behavior is used immediately.
    /// </summary>
    private void TryEnterOutage()
    {
        try
        {
            EnterOutage();
        }
        catch (SocketException)
        {
            // RunAsync tries again, and pauses in between.
        }
    }

    /// <summary>
    /// Begins the outage if the current behavior is one. Does nothing if the outage has already begun. Returns false if the current behavior is not
    /// an outage.
    /// </summary>
    private bool EnterOutage()
    {
        if (options.Per == ServerStep.Request || Outage.For(sequence.Current) is not { } outage)
            return false;
        if (outage.GetType() != _outage?.GetType())
        {
            LeaveOutage();
            outage.Begin(listener);
            _outage = outage;
        }

        if (_outageEntry is null)
        {
            _outageEntry = new OutageEntry(Interlocked.Increment(ref _entries), sequence.Current, (IPEndPoint)listener.LocalEndPoint);
            Begin(_outageEntry);
        }

        return true;
    }

    private void LeaveOutage()
    {
        _outage?.End(listener);
        _outage = null;
    }

    /// <summary>Waits until the outage is over. The last outage of a sequence lasts until the server is stopped.</summary>
    private async Task SitOutAsync()
    {
        await Task.Delay(sequence.IsConstant ? Timeout.InfiniteTimeSpan : options.Outage, _stop.Token).ConfigureAwait(false);
        sequence.Take();
        Conclude(_outageEntry!, ServedEnding.NotAccepted, error: null);
        _outageEntry = null;
    }

    /// <summary>Closes this server's connection that was idle for the longest time. So clients that are silent or do not read cannot keep others out.</summary>
    private void EvictIdlest()
    {
        while (Log.Idlest is { } idlest && !TryEvict(idlest, error: null))
        {
            // the connection has just ended by itself, and its place is not free yet
        }
    }

    /// <summary>Closes a connection to make room for another. Returns false if it has just ended by itself.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="error">The error that made it necessary; null if the server has as many connections as it may have.</param>
    public bool TryEvict(ServerConnection connection, string? error)
    {
        if (!Conclude(connection, ServedEnding.Evicted, error))
            return false;
        connection.UpstreamSlot.Evict();
        Interlocked.Increment(ref _evicted);
        return true;
    }

    /// <summary>
    /// Adds the end of a connection to the log, and then closes it: when a client sees the end of its connection, the log already contains it. If
    /// Stop and the service both call this, the second caller gets false.
    /// </summary>
    private bool Conclude(LogEntry entry, ServedEnding ending, string? error)
    {
        if (!entry.TryConclude())
            return false;
        entry.StopSending();
        ServedConnection connection = entry.Describe(ending, error);
        try
        {
            options.ConnectionEnded?.Invoke(connection);
        }
        finally
        {
            Log.End(connection);
            entry.Close(interrupted: ending is ServedEnding.Stopped or ServedEnding.Evicted);
        }

        return true;
    }
}
