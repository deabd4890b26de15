using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer;

/// <summary>
/// A server that misbehaves on purpose, to test clients. It has no thread of its own: the thread pool serves the connections. All members may be used
/// from any thread.
/// </summary>
public sealed class BrokenPipeServer : IDisposable, INaturalOrder<BrokenPipeServer>
{
    /// <summary>The longest time for which Stop waits for connections that are ending on other threads.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromMilliseconds(800);

    private static int s_lastId;

    private readonly BrokenPipeServerOptions _options;
    private readonly Listener _listener;
    private readonly BehaviorSequence _sequence;
    private readonly Reception _reception;
    private readonly SocketFile? _socketFile;
    private int _stopped;

    private BrokenPipeServer(BrokenPipeServerOptions options, Listener listener, int spare)
    {
        _options = options;
        _listener = listener;
        _sequence = new BehaviorSequence(options.Behaviors, options.Loop, options.Probability, options.Seed!.Value);
        Behaviors = [.. options.Behaviors];
        Seed = options.Seed.Value;
        Upstream = options.Upstream;
        Capacity = Math.Min(options.MaxConnections, options.Upstream is null ? spare : Math.Max(1, spare / 2)); // a forwarded connection has two sockets
        Id = Interlocked.Increment(ref s_lastId);
        ServerTls? tls = null;
        if (listener.LocalEndPoint is IPEndPoint tcp)
        {
            Address = tcp.Address.ToString();
            Port = tcp.Port;
            EndPoint = new EndpointText(Address, Port).ToString();
            Uri = new Uri($"{(options.UsesTls ? "https" : "http")}://{new EndpointText(listener.Reachable.Address.ToString(), Port)}/");
            tls = ServerTls.For(options, tcp.Address);
            Certificate = tls?.Certificate;
        }
        else
        {
            EndPoint = listener.LocalEndPoint.ToString()!;
            _socketFile = new SocketFile(EndPoint);
        }

        _reception = new Reception(options, listener, _sequence, tls, Capacity);
    }

    /// <summary>The number of the server in this process, from 1.</summary>
    public int Id { get; }

    /// <summary>The behavior for the next connection; with <see cref="ServerStep.Request"/>, for the next request.</summary>
    public ServerBehavior Behavior => _sequence.Current;

    /// <summary>The behaviors, in their order.</summary>
    public RecordList<ServerBehavior> Behaviors { get; }

    /// <summary>
    /// The seed of the random choices. They depend only on it, so <see cref="BrokenPipeServerOptions.Seed"/> with this value repeats the run.
    /// </summary>
    public int Seed { get; }

    /// <summary>The address and port that the server listens on, or the path of its Unix-domain socket.</summary>
    public string EndPoint { get; }

    /// <summary>The address that the server listens on; null on a Unix-domain socket.</summary>
    public string? Address { get; }

    /// <summary>The port that the server listens on; 0 on a Unix-domain socket.</summary>
    public int Port { get; }

    /// <summary>The address of the server for an HTTP client on this machine; null on a Unix-domain socket.</summary>
    public Uri? Uri { get; }

    /// <summary>The certificate that clients get; null without TLS. It remains valid after the server has stopped.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The server that connections are forwarded to, as host:port; null if they are not forwarded.</summary>
    public string? Upstream { get; }

    /// <summary>The time when the server began to listen (UTC).</summary>
    public DateTime StartTime { get; } = DateTime.UtcNow;

    /// <summary>False after the server was stopped.</summary>
    public bool IsRunning => Volatile.Read(ref _stopped) == 0;

    /// <summary>The number of connections that were accepted since the start.</summary>
    public long Accepted => _reception.Accepted;

    /// <summary>The number of connections that are open now.</summary>
    public int Open => _reception.Log.Open;

    /// <summary>
    /// The largest number of open connections: <see cref="BrokenPipeServerOptions.MaxConnections"/>, or fewer if the system allows the process too
    /// few descriptors.
    /// </summary>
    public int Capacity { get; }

    /// <summary>The number of connections that were closed to make room for others.</summary>
    public long Evicted => _reception.Evicted;

    /// <summary>
    /// The log in its current state: all open connections, and the latest <see cref="BrokenPipeServerOptions.LogCapacity"/> that have ended, by
    /// number.
    /// </summary>
    public RecordList<ServedConnection> Connections => [.. _reception.Log.Snapshot()];

    /// <summary>Starts a server.</summary>
    /// <exception cref="ServerStartException">The server cannot listen at that address, or an option is out of range.</exception>
    public static BrokenPipeServer Start(BrokenPipeServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int spare = DescriptorLimit.Spare - 1; // the listener takes one of them
        if (spare < 1)
            throw new ServerStartException(ServerProblemId.TooFewDescriptors, $"too few file descriptors for this process; raise the limit (ulimit -n){(SharedDescriptors.AreUsed ? ", or stop another server" : "")}");
        Listener listener = Listener.Open(options);
        try
        {
            BrokenPipeServer server = new(options with { Seed = options.Seed ?? Random.Shared.Next() }, listener, spare);
            server._reception.Open(spare);
            return server;
        }
        catch (SocketException e) when (listener.LocalEndPoint is IPEndPoint endPoint)
        {
            listener.Dispose();
            throw ListenerSocket.Explain(e, endPoint);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits until this number of log entries have ended since the start. Use it in a test that needs the complete log, because the server notices a
    /// client's close a little later than the client closes.
    /// </summary>
    /// <returns>False if they had not ended when the <paramref name="timeout"/> was over.</returns>
    public bool WaitForEnded(long count, TimeSpan timeout) => _reception.Log.WaitForEnded(count, timeout);

    /// <summary>
    /// Stops listening and closes every connection (with FIN; with RST if it has unread data). Removes the file of a Unix-domain socket, if it is
    /// still the file that the server made. Takes much less than a second. A second call does nothing.
    /// </summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        _reception.Dispose();
        SpinWait.SpinUntil(() => Open == 0, StopWait);
        _listener.Dispose();
        _socketFile?.Remove();
    }

    /// <inheritdoc cref="Stop"/>
    public void Dispose() => Stop();

    /// <summary>Compares two servers by id, which is the order in which they were started.</summary>
    public int CompareTo(BrokenPipeServer? other) => other is null ? 1 : Id.CompareTo(other.Id);

    /// <inheritdoc/>
    public override string ToString() =>
        DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Behaviors)} on {EndPoint}{(Upstream is null ? "" : $" for {Upstream}")}"));
}
