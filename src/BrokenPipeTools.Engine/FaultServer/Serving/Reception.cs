using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Accepts connections, unless an outage prevents that, makes room for them, and starts a service for each one.</summary>
internal sealed class Reception(BrokenPipeServerOptions options, Listener listener, BehaviorSequence sequence, ServerTls? tls, int capacity) : IDisposable
{
    /// <summary>The error in the log. .NET does not show whether it was EMFILE (of the process) or ENFILE (of the system).</summary>
    public const string NoDescriptors = "EMFILE";

    /// <summary>A pause if the process has no descriptor left, and cannot release one: without it, the next accept would immediately fail again.</summary>
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

    /// <summary>Begins to listen, or begins the first outage: when this returns, it has taken effect for clients.</summary>
    /// <exception cref="SocketException">Another socket has the address.</exception>
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
            Conclude(entry, ServedEnding.Stopped, error: null); // on this thread, because all threads of the pool may be busy
    }

    private async Task RunAsync()
    {
        await Task.Delay(1).ConfigureAwait(false); // starts the runtime's timer thread, which would be impossible after all descriptors were used
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
    }

    private void Receive(Socket client)
    {
        if (listener.IsIgnored(client))
        {
            ProcessGate.Close(client);
            return;
        }

        if (Log.Open >= capacity)
            Evict(error: null);
        Interlocked.Increment(ref _accepted);
        ServerConnection connection = new(Interlocked.Increment(ref _entries), client, options, tls, _upstreams, _stop.Token);
        Service service = options.Per == ServerStep.Request ? new RequestSequenceService(sequence) : Service.For(connection.Meet(sequence.Take()));
        Log.Begin(connection);
        if (_stop.IsCancellationRequested)
            Conclude(connection, ServedEnding.Stopped, error: null); // it came too late for Stop to find it
        else
            _ = ServeAsync(connection, service);
    }

    private async Task ServeAsync(ServerConnection connection, Service service)
    {
        (ServedEnding ending, string? error) = await ServiceRun.ServeAsync(connection, service).ConfigureAwait(false);
        Conclude(connection, ending, error);
    }

    /// <summary>Begins the next outage. Returns false if the next behavior acts on connections.</summary>
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
            Log.Begin(_outageEntry);
        }

        return true;
    }

    private void LeaveOutage()
    {
        _outage?.End(listener);
        _outage = null;
    }

    /// <summary>Waits until the outage is over. If it is the last of a sequence, it lasts until the server is stopped.</summary>
    private async Task SitOutAsync()
    {
        await Task.Delay(sequence.IsConstant ? Timeout.InfiniteTimeSpan : options.Outage, _stop.Token).ConfigureAwait(false);
        sequence.Take();
        Conclude(_outageEntry!, ServedEnding.NotAccepted, error: null);
        _outageEntry = null;
    }

    /// <summary>
    /// Closes the connection that was idle for the longest time, so that clients that send nothing, or do not read, cannot block other clients.
    /// Returns false if there is none.
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
    /// Adds it to the log, then closes it, so that a client that sees its connection end finds the entry in the log. Returns false for the second
    /// caller (Stop or the service), because it is already done.
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
