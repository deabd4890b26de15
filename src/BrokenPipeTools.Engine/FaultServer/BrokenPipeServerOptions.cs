using System.Net;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer;

/// <summary>The behaviors of a <see cref="BrokenPipeServer"/>, and its limits.</summary>
public sealed record BrokenPipeServerOptions
{
    /// <summary>The longest time that an option may have.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    /// <summary>
    /// The behaviors for connections, or requests, one after another; the last one repeats. Refuse, FullBacklog, DropSyn and LateAccept last for <see cref="Outage"/> before the next one begins; if one of them is the last, it lasts until the server is stopped.
    /// </summary>
    public IReadOnlyList<ServerBehavior> Behaviors { get; init; } = [ServerBehavior.HttpHtml];

    /// <summary>The first of <see cref="Behaviors"/>; set it for a server with one behavior.</summary>
    public ServerBehavior Behavior
    {
        get => Behaviors.Count > 0 ? Behaviors[0] : default;
        init => Behaviors = [value];
    }

    /// <summary>Whether the sequence begins again after the last behavior.</summary>
    public bool Loop { get; init; }

    /// <summary>Whether each connection takes the next behavior, or each request.</summary>
    public ServerStep Per { get; init; }

    /// <summary>
    /// The probability, from 0 to 1, that a connection or request gets one of the behaviors before the last (each equally likely) and not the last.
    /// Null: they are used in their order.
    /// </summary>
    public double? Probability { get; init; }

    /// <summary>How long Refuse, FullBacklog, DropSyn and LateAccept prevent clients from connecting. Up to a day.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The address that it listens on. Any address except a loopback address exposes the server to the network.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The path at which a <see cref="ServerBehavior.UnixSink"/> listens; null for a new name in the folder for temporary files.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>The silence after which <see cref="ServerBehavior.IdleTimeout"/> closes. Up to a day. Node.js and Apache use 5 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two bytes of a <see cref="ServerBehavior.SlowResponse"/>. Up to a day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to send RST if the behavior itself closes with FIN.</summary>
    public bool Abort { get; init; }

    /// <summary>The number of answers that <see cref="ServerBehavior.MaxRequests"/> sends on a connection, from 1 up.</summary>
    public int MaxRequests { get; init; } = 1;

    /// <summary>The most open connections, from 1 up. If one more comes, it replaces the one that was idle for the longest time.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>
    /// The longest time from the first byte of an HTTP request to the end of its head, up to a day. Then the connection is closed, after an answer
    /// 408 if the behavior answers requests. 30 s is Kestrel's RequestHeadersTimeout.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest head of a request, in bytes, from 64 to 1 MiB; a longer one is answered with 431. Bodies are not stored.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024;

    /// <summary>How many ended connections the log keeps, from 0 up; the latest ones.</summary>
    public int LogCapacity { get; init; } = 10_000;

    /// <summary>
    /// The seed of the random choices (<see cref="Probability"/> and the bytes of <see cref="ServerBehavior.RandomBytes"/>), to repeat a run. Null: a
    /// new seed, which <see cref="BrokenPipeServer.Seed"/> shows.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Whether to use TLS, with <see cref="Certificate"/>, or with a certificate that is made for the names of the endpoint.</summary>
    public bool UseTls { get; init; }

    /// <summary>The certificate, with its private key. If there is one, TLS is used.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The certificates that clients get in addition to <see cref="Certificate"/>, in any order, so that a client that knows only the root trusts it
    /// (RFC 8446, section 4.4.2). Each must be in its chain; a root is not sent.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    /// <summary>Whether close_notify is sent before FIN over TLS (RFC 8446, section 6.1). It is never sent before RST.</summary>
    public bool SendsCloseNotify { get; init; } = true;

    /// <summary>The server that connections are forwarded to, as host:port or [::1]:port.</summary>
    public string? Upstream { get; init; }

    /// <summary>A forwarded connection fails after so many bytes toward <see cref="Toward"/>, from 1 up.</summary>
    public long? AfterBytes { get; init; }

    /// <summary>
    /// A forwarded connection fails when the client begins another request after so many, from 1 up. A request begins with the client's first bytes
    /// after the upstream server's answer; an interim response of HTTP (100 Continue) is not an answer.
    /// </summary>
    public int? AfterRequests { get; init; }

    /// <summary>A forwarded connection fails so long after it was accepted. Up to a day.</summary>
    public TimeSpan? AfterTime { get; init; }

    /// <summary>The side that gets the FIN or the RST, or nothing more.</summary>
    public ForwardSide Toward { get; init; }

    /// <summary>Called for every connection when it has ended, on a thread of the pool; must not block.</summary>
    public Action<ServedConnection>? ConnectionEnded { get; init; }

    internal bool UsesTls => UseTls || Certificate is not null;

    /// <exception cref="ServerStartException">An option is out of its range, or does not fit another one.</exception>
    internal void Validate() => OptionRules.Check(this);
}
