using System.Net;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer;

/// <summary>The behaviors and the limits of a <see cref="BrokenPipeServer"/>.</summary>
public sealed record BrokenPipeServerOptions
{
    /// <summary>The largest value of an option that is a time.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    /// <summary>
    /// The behaviors for connections, or for requests, one after another; the last one repeats. Refuse, FullBacklog, DropSyn and LateAccept last for
    /// <see cref="Outage"/> before the next behavior begins; as the last behavior they last until the server is stopped.
    /// </summary>
    public IReadOnlyList<ServerBehavior> Behaviors { get; init; } = [ServerBehavior.HttpHtml];

    /// <summary>The first of <see cref="Behaviors"/>. Set it for a server with only one behavior.</summary>
    public ServerBehavior Behavior
    {
        get => Behaviors.Count > 0 ? Behaviors[0] : default;
        init => Behaviors = [value];
    }

    /// <summary>Whether the sequence begins again after the last behavior.</summary>
    public bool Loop { get; init; }

    /// <summary>Whether the next behavior of the sequence is used for each connection or for each request.</summary>
    public ServerStep Per { get; init; }

    /// <summary>
    /// The probability, from 0 to 1, that a connection or request gets one of the behaviors before the last, each of them equally likely; otherwise
    /// it gets the last one. If this is null, the behaviors are used in their order.
    /// </summary>
    public double? Probability { get; init; }

    /// <summary>How long Refuse, FullBacklog, DropSyn and LateAccept keep clients from connecting. From above 0 up to a day.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The address that the server listens on. Any address except a loopback address makes the server reachable from the network.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port that the server listens on; 0 for any free port.</summary>
    public int Port { get; init; }

    /// <summary>The path at which a <see cref="ServerBehavior.UnixSink"/> listens; null for a new name in the folder for temporary files.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>
    /// The silence after which <see cref="ServerBehavior.IdleTimeout"/> closes the connection. Up to a day. The default of Node.js and Apache is 5 s.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two bytes of a <see cref="ServerBehavior.SlowResponse"/>. Up to a day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a behavior that would close with FIN sends RST.</summary>
    public bool Abort { get; init; }

    /// <summary>The number of answers that <see cref="ServerBehavior.MaxRequests"/> sends on a connection, from 1 up.</summary>
    public int MaxRequests { get; init; } = 1;

    /// <summary>The most open connections, from 1 up. Each further connection replaces the one that was idle for the longest time.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>
    /// The longest time from the first byte of an HTTP request to the end of its head, up to a day. After that the connection is closed. A behavior
    /// that answers requests sends an answer 408 before that. Kestrel's RequestHeadersTimeout is 30 s.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of a request's head, from 64 to 1 MiB. A longer head is answered with 431. Bodies are not stored.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024;

    /// <summary>The most ended connections that the log keeps, from 0 up. The oldest ones are removed.</summary>
    public int LogCapacity { get; init; } = 10_000;

    /// <summary>
    /// The seed of the random choices (<see cref="Probability"/> and the bytes of <see cref="ServerBehavior.RandomBytes"/>), to repeat a run. If this
    /// is null, the server chooses a new seed, which <see cref="BrokenPipeServer.Seed"/> returns.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Whether to use TLS. Without <see cref="Certificate"/>, the server makes a certificate for the names of its endpoint.</summary>
    public bool UseTls { get; init; }

    /// <summary>The server's certificate with its private key. If it is set, TLS is used.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The certificates that clients get in addition to <see cref="Certificate"/>, in any order, so that a client that knows only the root trusts the
    /// server (RFC 8446, section 4.4.2). Each must be in the chain of <see cref="Certificate"/>; a root is not sent.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    /// <summary>Whether close_notify is sent before FIN over TLS (RFC 8446, section 6.1). It is never sent before RST.</summary>
    public bool SendsCloseNotify { get; init; } = true;

    /// <summary>The server that connections are forwarded to, as host:port or [::1]:port.</summary>
    public string? Upstream { get; init; }

    /// <summary>The number of bytes toward <see cref="Toward"/> after which a forwarded connection fails, from 1 up. Null for no such limit.</summary>
    public long? AfterBytes { get; init; }

    /// <summary>
    /// The number of requests after which a forwarded connection fails, from 1 up: it fails when the client begins the next one. A request begins
    /// with the client's first bytes after the upstream server's answer. An interim response of HTTP (100 Continue) is not an answer. Null for no
    /// such limit.
    /// </summary>
    public int? AfterRequests { get; init; }

    /// <summary>The time from the accept after which a forwarded connection fails. Up to a day. Null for no such limit.</summary>
    public TimeSpan? AfterTime { get; init; }

    /// <summary>The side that is affected when a forwarded connection fails: it gets FIN, RST, or no more bytes.</summary>
    public ForwardSide Toward { get; init; }

    /// <summary>A function that is called for every connection when it has ended, on a thread of the pool. It must neither block nor throw.</summary>
    public Action<ServedConnection>? ConnectionEnded { get; init; }

    /// <summary>Returns the name of an option in error messages: the property, unless a front end has another name for it.</summary>
    internal Func<string, string> NameOption { get; init; } = option => option;

    internal bool UsesTls => UseTls || Certificate is not null;

    /// <exception cref="ServerStartException">An option is out of range, or two options do not fit together.</exception>
    internal void Validate() => OptionRules.Check(this);
}
