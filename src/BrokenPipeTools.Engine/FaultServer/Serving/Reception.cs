using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Accepts connections, unless an outage keeps them out, makes room for them, and has each one served.</summary>
internal sealed class Reception(BrokenPipeServerOptions options, Listener listener, BehaviorSequence sequence, ServerTls? tls, int capacity) : IDisposable
{
    /// <summary>The error in the log. .NET does not show whether it was EMFILE (of the process) or ENFILE (of the system).</summary>
    public const string NoDescriptors = "EMFILE";

    /// <summary>If the process is out of descriptors, and has none to give back, accepting again immediately would only fail again.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly int _firstReserved = DescriptorLimit.FirstReserved();
    private readonly UpstreamSlots _upstreams = new(capacity);
    private long _accepted;
    private long _evicted;
    private long _entries;
    private Outage? _outage;
    private OutageEntry? _outageEntry;

    public ConnectionLog Log { get; } = new(options.LogCapacity);

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Begins to listen, or the outage that comes first: when this returns, clients meet it.</summary>
    /// <exception cref="SocketException">The address is another's.</exception>
    /// <exception cref="ServerStartException">The system does not permit an outage.</exception>
    public void Open()
    {
        if (OperatingSystem.IsLinux() && options.Behaviors.Contains(ServerBehavior.DropSyn))
            DropSynOutage.Require(listener);
        if (!EnterOutage())
            listener.Listen();
        _ = RunAsync();
    }

    /// <summary>Accepts no more connections, and ends the open ones.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (LogEntry entry in Log.OpenEntries)
            Conclude(entry, ServedEnding.Stopped, error: null); // here, not on the pool: its threads may all be busy
    }

    private async Task RunAsync()
    {
        await Task.Delay(1).ConfigureAwait(false); // makes the runtime's timer thread, which it could not when it has no descriptors left
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
                    Receive(await listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
                }

                failures = 0;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                bool madeRoom = e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } && listener.HasWaiting && Evict(NoDescriptors);
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

        bool isReserved = DescriptorLimit.NumberOf(client) >= _firstReserved;
        if (Log.Open >= capacity)
            Evict(error: null);
        Interlocked.Increment(ref _accepted);
        ServerConnection connection = new(Interlocked.Increment(ref _entries), client, options, tls, _upstreams, _stop.Token);
        Service service = options.Per == ServerStep.Request ? new RequestSequenceService(sequence) : Service.For(connection.SetBehavior(sequence.Take()));
        Begin(connection);
        if (_stop.IsCancellationRequested)
            return;
        if (isReserved)
            Evict(NoDescriptors); // this one, if it is the only one: the process would end without the reserve
        TryEnterOutage();
        _ = ServeAsync(connection, service);
    }

    /// <summary>Logs it, and ends it immediately if it came too late for <see cref="Dispose"/> to find it in the log.</summary>
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
    /// Begins an outage that follows on a connection before that connection is served: its client, which may connect again as soon as it
    /// sees the end of it, meets the outage. If the system does not let it, the next attempt follows immediately.
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

    /// <summary>Begins the outage whose turn it is. Does nothing if it has begun. Returns false if it is a behavior's turn that a connection meets.</summary>
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

    /// <summary>Waits until the outage is over. The last of a sequence lasts until the server is stopped.</summary>
    private async Task SitOutAsync()
    {
        await Task.Delay(sequence.IsConstant ? Timeout.InfiniteTimeSpan : options.Outage, _stop.Token).ConfigureAwait(false);
        sequence.Take();
        Conclude(_outageEntry!, ServedEnding.NotAccepted, error: null);
        _outageEntry = null;
    }

    /// <summary>
    /// Closes the connection over which no byte has gone for the longest time, so that clients that stay silent, or do not read, keep
    /// no client out. Returns false if there is none.
    /// </summary>
    private bool Evict(string? error)
    {
        while (Log.Idlest is { } idlest)
        {
            if (!Conclude(idlest, ServedEnding.Evicted, error))
                continue; // it has just ended by itself, and its place is not free yet
            Interlocked.Increment(ref _evicted);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Logs it, then closes it: a client that sees its connection end finds that in the log already. Who comes second, Stop or the
    /// service, finds it done, and gets false.
    /// </summary>
    private bool Conclude(LogEntry entry, ServedEnding ending, string? error)
    {
        if (!entry.TryConclude())
            return false;
        entry.StopSending();
        ServedConnection connection = entry.Describe(ending, error);
        options.ConnectionEnded?.Invoke(connection);
        Log.End(connection);
        entry.Close(interrupted: ending is ServedEnding.Stopped or ServedEnding.Evicted);
        return true;
    }
}
