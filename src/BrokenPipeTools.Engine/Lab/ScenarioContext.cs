using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab;

/// <summary>
/// Makes the sockets of a scenario, records their calls, and captures their packets. Dispose removes everything that was made, also after an error.
/// </summary>
internal sealed class ScenarioContext : IDisposable
{
    private readonly TestNetwork _network;
    private readonly ICaptureLibrary? _library;
    private readonly string _captureComment;
    private readonly CancellationToken _cancellation;
    private readonly Stack<IDisposable> _resources = new();

    /// <param name="network">The network that the scenario runs on. It is disposed with this object.</param>
    /// <param name="library">The library that captures the packets; null to capture none.</param>
    /// <param name="captureComment">The comment in the capture.</param>
    /// <param name="cancellation">Cancels the scenario.</param>
    public ScenarioContext(TestNetwork network, ICaptureLibrary? library, string captureComment, CancellationToken cancellation)
    {
        _network = network;
        _library = library;
        _captureComment = captureComment;
        _cancellation = cancellation;
    }

    /// <summary>All calls that were made so far.</summary>
    public SocketTrace Trace { get; } = new();

    /// <summary>The captured packets; null until the server has a port.</summary>
    public MemoryCapture? Capture { get; private set; }

    /// <summary>The network namespaces of the scenario. Only for a <see cref="RoutedScenario"/>.</summary>
    public RoutedNetwork Routed => (RoutedNetwork)_network;

    /// <summary>Makes the network of the scenario.</summary>
    /// <exception cref="InvalidOperationException">The network cannot be made.</exception>
    public void SetUp() => _network.SetUp();

    /// <summary>Makes a listening socket of the server; packets are captured from now on.</summary>
    public TracedSocket Listen(int backlog = 16)
    {
        TracedSocket listener = Reserve();
        listener.Socket.Listen(backlog);
        return listener;
    }

    /// <summary>
    /// Makes a socket of the server that is bound to a port and does not listen. Other programs cannot use the port, so a connect to it is refused.
    /// </summary>
    public TracedSocket Reserve()
    {
        TracedSocket bound = NewSocket(StepSide.Server);
        bound.Socket.Bind(new IPEndPoint(_network.ServerAddress, 0));
        if (_library is not null)
            Capture = Keep(MemoryCapture.Begin(() => _network.OpenCapture(_library, ((IPEndPoint)bound.Socket.LocalEndPoint!).Port), _captureComment));
        return bound;
    }

    /// <summary>Makes a socket of the client that is not connected yet.</summary>
    public TracedSocket NewClient() => NewSocket(StepSide.Client);

    /// <summary>Makes a connection: the server listens, the client connects, the server accepts.</summary>
    public (TracedSocket Client, TracedSocket Server) Connect(Action<Socket>? client = null, Action<Socket>? server = null)
    {
        TracedSocket listener = Listen();
        server?.Invoke(listener.Socket);
        return Connect(listener, client);
    }

    /// <summary>Makes a connection to a server that is already listening.</summary>
    public (TracedSocket Client, TracedSocket Server) Connect(TracedSocket listener, Action<Socket>? client = null)
    {
        TracedSocket connecting = NewClient();
        client?.Invoke(connecting.Socket);
        connecting.Connect(listener.Socket.LocalEndPoint!).Expect("ok");
        return (connecting, Accept(listener));
    }

    /// <summary>Makes a connection over a Unix-domain socket, whose file is removed immediately.</summary>
    public (TracedSocket Client, TracedSocket Server) ConnectUnix()
    {
        string path = Path.Combine(Path.GetTempPath(), $"brokenpipe-{Guid.NewGuid():N}.sock");
        TracedSocket listener = Keep(NewUnixSocket(StepSide.Server));
        listener.Socket.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            listener.Socket.Listen();
            TracedSocket client = Keep(NewUnixSocket(StepSide.Client));
            client.Connect(new UnixDomainSocketEndPoint(path)).Expect("ok");
            return (client, Accept(listener));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Accepts the next connection of the server's queue.</summary>
    public TracedSocket Accept(TracedSocket listener)
    {
        (SocketStep step, TracedSocket? accepted) = listener.Accept();
        step.Expect("ok");
        return Keep(accepted ?? throw new InvalidOperationException($"accept returned {step.Result}"));
    }

    /// <summary>Lets time pass in which no packet is sent.</summary>
    public void Pass(TimeSpan time) => Happen(string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s pass"), () => Wait(time));

    /// <summary>Records an event that is not a socket call.</summary>
    public void Happen(string what, Action action) => Trace.Record(StepSide.Network, what, () =>
    {
        action();
        return SocketOutcome.Ok;
    });

    /// <summary>Sends a forged RST from a device on the path.</summary>
    /// <param name="what">The text of this event in the list of steps.</param>
    /// <param name="from">The socket whose address is the source address.</param>
    /// <param name="to">The socket that receives the RST.</param>
    /// <param name="ahead">How far the RST's sequence number is above the one that the receiver expects next.</param>
    [SupportedOSPlatform("linux")]
    public void Forge(string what, TracedSocket from, TracedSocket to, uint ahead) => Happen(what, () => new ForgedReset(
        (IPEndPoint)from.Socket.LocalEndPoint!,
        (IPEndPoint)to.Socket.LocalEndPoint!,
        TcpRepair.NextExpected(to.Socket).Add(ahead)).SendFrom(Routed.Router));

    /// <summary>Waits. The list of steps does not contain this.</summary>
    public void Wait(TimeSpan time)
    {
        if (_cancellation.WaitHandle.WaitOne(time))
            throw new OperationCanceledException(_cancellation);
    }

    /// <summary>Waits for an event that must occur.</summary>
    /// <exception cref="TimeoutException">The event does not occur in time.</exception>
    public void Until(Func<bool> reached, string what)
    {
        for (long begin = Environment.TickCount64; !reached();)
        {
            if (Environment.TickCount64 - begin > TracedSocket.MaxWait.TotalMilliseconds)
                throw new TimeoutException($"{what} did not arrive");
            Wait(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Adds an object that is disposed together with the context.</summary>
    public T Keep<T>(T resource)
        where T : IDisposable
    {
        _resources.Push(resource);
        return resource;
    }

    public void Dispose()
    {
        while (_resources.TryPop(out IDisposable? resource))
            resource.Dispose();
        _network.Dispose();
    }

    private TracedSocket NewUnixSocket(StepSide side) =>
        new(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), side, Trace, _cancellation);

    private TracedSocket NewSocket(StepSide side)
    {
        _cancellation.ThrowIfCancellationRequested();
        return Keep(new TracedSocket(_network.MakeSocket(side), side, Trace, _cancellation));
    }
}
