using System.Globalization;
using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Checks the ranges of a server's options, and whether the options fit together.</summary>
internal static class OptionRules
{
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);

    /// <exception cref="ServerStartException">An option is out of range, or two options do not fit together.</exception>
    public static void Check(BrokenPipeServerOptions options)
    {
        CheckRanges(options);
        CheckSequence(options);
        CheckTransport(options);
        CheckForwarding(options);
    }

    private static void CheckRanges(BrokenPipeServerOptions options)
    {
        Require(options.Port is >= 0 and <= IPEndPoint.MaxPort, $"the port must be from 0 to {IPEndPoint.MaxPort}");
        Require(IsTime(options.IdleTimeout), "the idle time-out must be from 0.001 s to a day");
        Require(IsTime(options.HeaderTimeout), "the header time-out must be from 0.001 s to a day");
        Require(IsTime(options.Outage), "the outage must be from 0.001 s to a day");
        Require(options.Interval >= TimeSpan.Zero && options.Interval <= BrokenPipeServerOptions.LongestTime, "the interval must be from 0 to a day");
        Require(options.MaxRequests >= 1, "the number of requests must be at least 1");
        Require(options.MaxConnections >= 1, "the number of connections must be at least 1");
        Require(options.MaxRequestBytes is >= 64 and <= 1 << 20, "the limit on a request's header must be from 64 bytes to 1 MiB");
        Require(options.LogCapacity >= 0, "the log's capacity must not be negative");
        Require(options.Probability is null or (>= 0 and <= 1), "the probability must be from 0 to 1");
        Require(options.AfterBytes is null or >= 1, "the number of bytes must be at least 1");
        Require(options.AfterRequests is null or >= 1, "the number of requests must be at least 1");
        Require(options.AfterTime is not { } time || IsTime(time), "the time until a forwarded connection fails must be from 0.001 s to a day");
    }

    private static void CheckSequence(BrokenPipeServerOptions options)
    {
        Require(options.Behaviors.Count > 0, "at least one behavior is required");
        foreach (ServerBehavior behavior in options.Behaviors)
        {
            Require(Enum.IsDefined(behavior), $"unknown behavior {behavior}");
            Require(behavior != ServerBehavior.UnixSink || options.Behaviors.Count == 1, $"{ServerBehavior.UnixSink} cannot be combined with other behaviors: it listens on a Unix-domain socket");
            Require(!Outage.NeedsLinux(behavior) || OperatingSystem.IsLinux(), $"{behavior} needs Linux");
            Require(!Outage.Is(behavior) || options.Per == ServerStep.Connection, $"{behavior} acts before a connection is accepted: it cannot be used per request");
        }

        Require(Enum.IsDefined(options.Per), $"unknown step {options.Per}");
        Require(options.Probability is null || options.Behaviors.Count > 1, "a probability needs two or more behaviors: the last is the normal one");
        Require(options.Probability is null || !options.Loop, "a loop and a probability exclude each other");
    }

    private static void CheckTransport(BrokenPipeServerOptions options)
    {
        bool onUnix = options.Behavior == ServerBehavior.UnixSink;
        Require(onUnix || options.UnixSocketPath is null, $"{options.Behavior} listens on TCP; only this behavior has a Unix-domain socket: {ServerBehavior.UnixSink}");
        Require(!onUnix || options.Port == 0, $"{ServerBehavior.UnixSink} has no port");
        Require(!onUnix || !options.UsesTls, $"{ServerBehavior.UnixSink} has no TLS");
        Require(options.Intermediates.Count == 0 || options.Certificate is not null, "intermediate certificates need a certificate of the server");
        Require(options.SendsCloseNotify || options.UsesTls, "only TLS has close_notify; omitting it needs TLS");
        foreach (ServerBehavior behavior in options.Behaviors.Where(b => Service.IsOfHandshake(b)))
        {
            Require(options.UsesTls, $"{behavior} needs TLS");
            Require(options.Per == ServerStep.Connection, $"{behavior} acts before the first request: it cannot be used per request");
        }
    }

    private static void CheckForwarding(BrokenPipeServerOptions options)
    {
        ServerBehavior[] forwarding = [.. options.Behaviors.Where(b => Service.Forwards(b))];
        if (options.Upstream is { } upstream)
        {
            Require(UpstreamTarget.Parse(upstream) is not null, $"'{DisplayText.Of(upstream)}' is not an upstream server; write host:port, [::1]:port");
            Require(forwarding.Length > 0, $"an upstream server needs a behavior that forwards connections: {ServerBehavior.Forward}, {ServerBehavior.ForwardThenReset}");
        }

        foreach (ServerBehavior behavior in forwarding)
        {
            Require(options.Upstream is not null, $"{behavior} needs an upstream server");
            Require(options.Per == ServerStep.Connection, $"{behavior} forwards a whole connection: it cannot be used per request");
            Require(behavior == ServerBehavior.Forward || IsLimited(options), $"{behavior} needs a limit: bytes, requests or a time");
        }

        Require(!IsLimited(options) || forwarding.Any(b => b != ServerBehavior.Forward), "a limit of bytes, requests or time needs a behavior that fails after it, such as ForwardThenReset");
        Require(Enum.IsDefined(options.Toward), $"unknown side {options.Toward}");
    }

    private static bool IsLimited(BrokenPipeServerOptions options) => options.AfterBytes is not null || options.AfterRequests is not null || options.AfterTime is not null;

    private static bool IsTime(TimeSpan time) => time >= ShortestTime && time <= BrokenPipeServerOptions.LongestTime;

    private static void Require(bool holds, FormattableString otherwise) => Require(holds, otherwise.ToString(CultureInfo.InvariantCulture));

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new ServerStartException(ServerProblemId.ServerOptionInvalid, otherwise);
    }
}
