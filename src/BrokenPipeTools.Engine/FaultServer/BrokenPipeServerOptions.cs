using System.Net;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer;

/// <summary>The behaviors of a <see cref="BrokenPipeServer"/>, and its limits.</summary>
public sealed record BrokenPipeServerOptions
{
    /// <summary>The longest time an option may name.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    /// <summary>
    /// The behaviors that connections, or requests, meet one after another; the last repeats. Refuse, FullBacklog, DropSyn and
    /// LateAccept last for <see cref="Outage"/> before the next has its turn; as the last, until the server is stopped.
    /// </summary>
    public IReadOnlyList<ServerBehavior> Behaviors { get; init; } = [ServerBehavior.HttpHtml];

    /// <summary>The first of <see cref="Behaviors"/>; set it for a server with one behavior.</summary>
    public ServerBehavior Behavior
    {
        get => Behaviors.Count > 0 ? Behaviors[0] : default;
        init => Behaviors = [value];
    }

    /// <summary>After the last behavior the first comes again.</summary>
    public bool Loop { get; init; }

    /// <summary>Whether each connection takes the next behavior, or each request.</summary>
    public ServerStep Per { get; init; }

    /// <summary>
    /// How likely a connection, or request, meets one of the behaviors before the last, each of them equally, and not the last: from 0
    /// to 1. Null takes them in their order.
    /// </summary>
    public double? Probability { get; init; }

    /// <summary>How long Refuse, FullBacklog, DropSyn and LateAccept keep clients out. Up to a day.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Where it listens. Any other than a loopback address exposes the server to the network.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where a <see cref="ServerBehavior.UnixSink"/> listens; null makes a name in the folder for temporary files.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>The silence after which <see cref="ServerBehavior.IdleTimeout"/> closes. Up to a day. Node.js and Apache have 5 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two bytes of a <see cref="ServerBehavior.SlowResponse"/>. Up to a day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sends RST if the behavior itself closes with FIN.</summary>
    public bool Abort { get; init; }

    /// <summary>The answers that <see cref="ServerBehavior.MaxRequests"/> gives on a connection, from 1 up.</summary>
    public int MaxRequests { get; init; } = 1;

    /// <summary>The largest number of open connections, from 1 up. One more replaces the one that was idle for the longest time.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>
    /// The longest time from the first byte of an HTTP request to the end of its head, up to a day. Then the connection is closed; with
    /// an answer 408 if the behavior answers requests. 30 s is Kestrel's RequestHeadersTimeout.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest head of a request, in bytes, from 64 to 1 MiB; a longer one is answered 431. Bodies are not kept at all.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024;

    /// <summary>How many connections that have ended are remembered, the latest, from 0 up.</summary>
    public int LogCapacity { get; init; } = 10_000;

    /// <summary>
    /// Repeats a run: the draws of <see cref="Probability"/> and the bytes of <see cref="ServerBehavior.RandomBytes"/>. Null takes a new one,
    /// which <see cref="BrokenPipeServer.Seed"/> has.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Uses TLS, with <see cref="Certificate"/> or one that is made for the names of the endpoint.</summary>
    public bool UseTls { get; init; }

    /// <summary>The certificate, with its private key. If there is one, TLS is used.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The certificates that clients get with <see cref="Certificate"/>, in any order, so that a client that knows only the root trusts it
    /// (RFC 8446, section 4.4.2). Each must be in its chain; a root is not sent.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    /// <summary>Over TLS close_notify goes before FIN (RFC 8446, section 6.1). Before RST it never does.</summary>
    public bool SendsCloseNotify { get; init; } = true;

    /// <summary>The server that connections are passed on to, as <c>host:port</c>, <c>[::1]:port</c>.</summary>
    public string? Upstream { get; init; }

    /// <summary>A forwarded connection fails when so many bytes have gone toward <see cref="Toward"/>, from 1 up.</summary>
    public long? AfterBytes { get; init; }

    /// <summary>
    /// A forwarded connection fails when the client begins another request after so many, from 1 up. A request begins with the client's
    /// first bytes after the upstream server's answer; an interim response of HTTP (100 Continue) is none.
    /// </summary>
    public int? AfterRequests { get; init; }

    /// <summary>A forwarded connection fails so long after it was accepted. Up to a day.</summary>
    public TimeSpan? AfterTime { get; init; }

    /// <summary>The side that gets the FIN, the RST or nothing more.</summary>
    public ForwardSide Toward { get; init; }

    /// <summary>Called for every connection when it has ended, from a thread of the pool; must not block.</summary>
    public Action<ServedConnection>? ConnectionEnded { get; init; }

    internal bool UsesTls => UseTls || Certificate is not null;

    /// <exception cref="ServerStartException">An option is out of its range, or does not go with another.</exception>
    internal void Validate() => OptionRules.Check(this);
}
