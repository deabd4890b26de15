using System.Globalization;
using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Checks the ranges of a server's options, and whether the options fit together. Each error names the options that it is about.</summary>
internal sealed class OptionRules
{
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(1);

    private readonly BrokenPipeServerOptions _options;

    private OptionRules(BrokenPipeServerOptions options) => _options = options;

    /// <exception cref="ServerStartException">An option is out of range, or two options do not fit together.</exception>
    public static void Check(BrokenPipeServerOptions options)
    {
        OptionRules rules = new(options);
        rules.CheckRanges();
        rules.CheckSequence();
        rules.CheckTransport();
        rules.CheckForwarding();
    }

    private void CheckRanges()
    {
        Require(_options.Port is >= 0 and <= IPEndPoint.MaxPort, $"{Name(nameof(_options.Port))} must be from 0 to {IPEndPoint.MaxPort}");
        RequireTime(_options.IdleTimeout, nameof(_options.IdleTimeout));
        RequireTime(_options.HeaderTimeout, nameof(_options.HeaderTimeout));
        RequireTime(_options.Outage, nameof(_options.Outage));
        Require(_options.Interval >= TimeSpan.Zero && _options.Interval <= BrokenPipeServerOptions.LongestTime, $"{Name(nameof(_options.Interval))} must be from 0 to a day");
        Require(_options.MaxRequests >= 1, $"{Name(nameof(_options.MaxRequests))} must be at least 1");
        Require(_options.MaxConnections >= 1, $"{Name(nameof(_options.MaxConnections))} must be at least 1");
        Require(_options.MaxRequestBytes is >= 64 and <= 1 << 20, $"{Name(nameof(_options.MaxRequestBytes))} must be from 64 bytes to 1 MiB");
        Require(_options.LogCapacity >= 0, $"{Name(nameof(_options.LogCapacity))} must not be negative");
        Require(_options.Probability is null or (>= 0 and <= 1), $"{Name(nameof(_options.Probability))} must be from 0 to 1");
        Require(_options.AfterBytes is null or >= 1, $"{Name(nameof(_options.AfterBytes))} must be at least 1");
        Require(_options.AfterRequests is null or >= 1, $"{Name(nameof(_options.AfterRequests))} must be at least 1");
        if (_options.AfterTime is { } time)
            RequireTime(time, nameof(_options.AfterTime));
    }

    private void CheckSequence()
    {
        string behaviors = Name(nameof(_options.Behaviors));
        Require(_options.Behaviors.Count > 0, $"{behaviors}: at least one behavior is required");
        foreach (ServerBehavior behavior in _options.Behaviors)
        {
            Require(Enum.IsDefined(behavior), $"{behaviors}: unknown behavior {behavior}");
            Require(behavior != ServerBehavior.UnixSink || _options.Behaviors.Count == 1, $"{behaviors}: {ServerBehavior.UnixSink} cannot be combined with other behaviors: it listens on a Unix-domain socket");
            Require(!Outage.NeedsLinux(behavior) || OperatingSystem.IsLinux(), $"{behaviors}: {behavior} needs Linux");
            Require(!Outage.Is(behavior) || _options.Per == ServerStep.Connection, $"{Name(nameof(_options.Per))}: {behavior} acts before a connection is accepted: it cannot be used per request");
        }

        Require(Enum.IsDefined(_options.Per), $"{Name(nameof(_options.Per))}: unknown step {_options.Per}");
        Require(_options.Probability is null || _options.Behaviors.Count > 1, $"{Name(nameof(_options.Probability))} needs two or more behaviors: the last is the normal one");
        Require(_options.Probability is null || !_options.Loop, $"{Name(nameof(_options.Loop))} and {Name(nameof(_options.Probability))} exclude each other");
    }

    private void CheckTransport()
    {
        bool onUnix = _options.Behavior == ServerBehavior.UnixSink;
        string tls = Name(nameof(_options.UseTls));
        Require(onUnix || _options.UnixSocketPath is null, $"{Name(nameof(_options.UnixSocketPath))} needs {ServerBehavior.UnixSink}: {_options.Behavior} listens on TCP");
        Require(!onUnix || _options.Port == 0, $"{Name(nameof(_options.Port))}: {ServerBehavior.UnixSink} has no port");
        Require(!onUnix || !_options.UsesTls, $"{(_options.UseTls ? tls : Name(nameof(_options.Certificate)))}: {ServerBehavior.UnixSink} has no TLS");
        Require(_options.Intermediates.Count == 0 || _options.Certificate is not null, $"{Name(nameof(_options.Intermediates))} needs {Name(nameof(_options.Certificate))}");
        Require(_options.SendsCloseNotify || _options.UsesTls, $"{Name(nameof(_options.SendsCloseNotify))} needs {tls}: only TLS has close_notify");
        foreach (ServerBehavior behavior in _options.Behaviors.Where(b => Service.IsOfHandshake(b)))
        {
            Require(_options.UsesTls, $"{behavior} needs {tls}");
            Require(_options.Per == ServerStep.Connection, $"{Name(nameof(_options.Per))}: {behavior} acts before the first request: it cannot be used per request");
        }
    }

    private void CheckForwarding()
    {
        string upstreamName = Name(nameof(_options.Upstream));
        ServerBehavior[] forwarding = [.. _options.Behaviors.Where(b => Service.Forwards(b))];
        if (_options.Upstream is { } upstream)
        {
            Require(UpstreamTarget.Parse(upstream) is not null, $"{upstreamName}: '{DisplayText.Of(upstream)}' is not an upstream server; write host:port, [::1]:port");
            Require(!IsOwn(UpstreamTarget.Parse(upstream)!), $"{upstreamName}: '{DisplayText.Of(upstream)}' is this server itself, which would connect to itself without end");
            Require(forwarding.Length > 0, $"{upstreamName} needs a behavior that forwards connections: {ServerBehavior.Forward}, {ServerBehavior.ForwardThenReset}");
        }

        foreach (ServerBehavior behavior in forwarding)
        {
            Require(_options.Upstream is not null, $"{behavior} needs {upstreamName}");
            Require(_options.Per == ServerStep.Connection, $"{Name(nameof(_options.Per))}: {behavior} forwards a whole connection: it cannot be used per request");
            Require(behavior == ServerBehavior.Forward || Limits().Any(), $"{behavior} needs {Name(nameof(_options.AfterBytes))}, {Name(nameof(_options.AfterRequests))} or {Name(nameof(_options.AfterTime))}");
        }

        Require(!Limits().Any() || forwarding.Any(b => b != ServerBehavior.Forward), $"{Limits().FirstOrDefault()} needs a behavior that fails after it, such as ForwardThenReset");
        Require(Enum.IsDefined(_options.Toward), $"{Name(nameof(_options.Toward))}: unknown side {_options.Toward}");
    }

    /// <summary>Returns whether connections to an upstream server would come to this server: by its own address, or by any address of this machine.</summary>
    private bool IsOwn(UpstreamTarget upstream) =>
        upstream.Port == _options.Port
        && (upstream.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.IsLoopback(_options.Address) || IsAny(_options.Address)
            : IPAddress.TryParse(upstream.Host, out IPAddress? address) && (address.Equals(_options.Address) || (IPAddress.IsLoopback(address) && IsAny(_options.Address))));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Returns the names of the given limits after which a forwarded connection fails.</summary>
    private IEnumerable<string> Limits()
    {
        if (_options.AfterBytes is not null)
            yield return Name(nameof(_options.AfterBytes));
        if (_options.AfterRequests is not null)
            yield return Name(nameof(_options.AfterRequests));
        if (_options.AfterTime is not null)
            yield return Name(nameof(_options.AfterTime));
    }

    private string Name(string option) => _options.NameOption(option);

    private void RequireTime(TimeSpan time, string option) =>
        Require(time >= ShortestTime && time <= BrokenPipeServerOptions.LongestTime, $"{Name(option)} must be from 0.001 s to a day");

    private static void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
            throw new ServerStartException(ServerProblemId.ServerOptionInvalid, otherwise.ToString(CultureInfo.InvariantCulture));
    }
}
