using System.Globalization;
using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios;

/// <summary>What a <see cref="FaultServer"/> does, and within which bounds.</summary>
public sealed record FaultServerOptions
{
    /// <summary>The longest time an option may name.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    /// <summary>What it does to whoever connects.</summary>
    public ServerBehavior Behavior { get; init; } = ServerBehavior.HttpHtml;

    /// <summary>Where it listens. Any other than a loopback address exposes the server to the network.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where a <see cref="ServerBehavior.UnixSink"/> listens; null makes a name in the folder for temporary files.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>The silence after which <see cref="ServerBehavior.IdleTimeout"/> closes. Up to a day. 5 s is what Node.js and Apache have.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two bytes of a <see cref="ServerBehavior.SlowResponse"/>. Up to a day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the behaviour closes with FIN of its own accord, it sends RST.</summary>
    public bool Abort { get; init; }

    /// <summary>The answers that <see cref="ServerBehavior.MaxRequests"/> gives on a connection, from 1 up.</summary>
    public int MaxRequests { get; init; } = 1;

    /// <summary>Connections held at once, from 1 up. Another one takes the place of the one without a byte for the longest time.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>
    /// The longest time from the first byte of an HTTP request to the end of its head, up to a day. Then the connection is closed; with
    /// an answer 408 if the behaviour answers requests. 30 s is Kestrel's RequestHeadersTimeout.
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest head of a request, in bytes, from 64 to 1 MiB; a longer one is answered 431. Bodies are not kept at all.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024;

    /// <summary>How many connections that have ended are remembered, the latest, from 0 up.</summary>
    public int LogCapacity { get; init; } = 10_000;

    /// <summary>Makes the bytes of <see cref="ServerBehavior.RandomBytes"/> the same in every run; null leaves them to chance.</summary>
    public int? Seed { get; init; }

    /// <summary>Told of every connection when it has ended. Called from a thread of the pool; must not block.</summary>
    public Action<ServedConnection>? ConnectionEnded { get; init; }

    /// <exception cref="ServerStartException">An option is out of its range, or does not go with the behaviour.</exception>
    internal void Validate()
    {
        Check(Enum.IsDefined(Behavior), $"there is no behaviour {Behavior}");
        Check(Port is >= 0 and <= IPEndPoint.MaxPort, $"the port must be from 0 to {IPEndPoint.MaxPort}");
        Check(IdleTimeout >= TimeSpan.FromMilliseconds(1) && IdleTimeout <= LongestTime, "the idle timeout must be from 0.001 s to a day");
        Check(HeaderTimeout >= TimeSpan.FromMilliseconds(1) && HeaderTimeout <= LongestTime, "the header timeout must be from 0.001 s to a day");
        Check(Interval >= TimeSpan.Zero && Interval <= LongestTime, "the interval must be from 0 to a day");
        Check(MaxRequests >= 1, "at least one request must be allowed");
        Check(MaxConnections >= 1, "at least one connection must be allowed");
        Check(MaxRequestBytes is >= 64 and <= 1 << 20, "a request's head must be allowed from 64 bytes to 1 MiB");
        Check(LogCapacity >= 0, "the log's capacity must not be negative");
        bool onUnix = Behavior == ServerBehavior.UnixSink;
        Check(onUnix || UnixSocketPath is null, $"{Behavior} listens on TCP; a Unix-domain socket is for {ServerBehavior.UnixSink}");
        Check(!onUnix || Port == 0, $"{ServerBehavior.UnixSink} has no port");
    }

    private static void Check(bool holds, FormattableString otherwise) => Check(holds, otherwise.ToString(CultureInfo.InvariantCulture));

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
            throw new ServerStartException(ServerProblemId.ServerOptionInvalid, otherwise);
    }
}
