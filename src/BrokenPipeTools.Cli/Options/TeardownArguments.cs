using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Cli.Options;

/// <summary>The arguments of <c>brokenpipe teardown</c>. Most of their ranges are checked by <see cref="TeardownOptions"/>.</summary>
internal sealed class TeardownArguments
{
    private const double ShortestTime = 0.001;
    private const int LongestKeepAlive = 32_767; // MAX_TCP_KEEPIDLE, include/net/tcp.h

    private static readonly double LongestTime = TeardownOptions.LongestTime.TotalSeconds;

    private static readonly TeardownOptions Defaults = new();

    private readonly Argument<string> _host = new("HOST") { Description = "a name or an address; an IPv6 link-local address with its scope: fe80::1%eth0", HelpName = "HOST" };
    private readonly Argument<int[]> _ports = new("PORT") { Description = "one or more ports", HelpName = "PORT", Arity = ArgumentArity.OneOrMore, CustomParser = ParsePorts };
    private readonly Option<TeardownProbeKind[]> _probes = new("--probe", "-p") { Description = $"the probes, each on its own connection: {string.Join(", ", Enum.GetNames<TeardownProbeKind>())}", CustomParser = ParseProbes, DefaultValueFactory = _ => [.. Defaults.Probes], HelpName = "PROBE" };
    private readonly Option<string?> _payload = new("--payload") { Description = "send this text (UTF-8) after the connect", HelpName = "TEXT" };
    private readonly Option<string?> _payloadFile = new("--payload-file") { Description = "send the bytes of this file, at most 16 MiB; - is standard input", HelpName = "FILE" };
    private readonly Option<string?> _httpPath = new("--http-path") { Description = "request this path with HTTP/1.1, keep-alive", HelpName = "PATH" };
    private readonly Option<bool> _tls = new("--tls") { Description = "use TLS; any certificate is accepted" };
    private readonly Option<string?> _tlsName = new("--tls-name") { Description = "with --tls: the server name (SNI), if it is not HOST", HelpName = "NAME" };
    private readonly Option<double> _timeout = NumberOption.Seconds("--timeout", "seconds to wait for the name, the connection and the TLS handshake, each", ShortestTime, LongestTime, Defaults.ConnectTimeout);
    private readonly Option<double> _wait = NumberOption.Seconds("--wait", "seconds to wait for the peer to close, or to answer", ShortestTime, LongestTime, Defaults.WaitLimit);
    private readonly Option<int?> _keepAlive = NumberOption.OptionalWholeSeconds("--keepalive", "interval in seconds of TCP keepalive probes on the idle connection", 1, LongestKeepAlive);
    private readonly Option<int> _maxRequests = NumberOption.Count("--max-requests", "largest number of requests of a KeepAliveRace", 1, int.MaxValue, Defaults.MaxRequests);
    private readonly Option<bool> _ipv4 = new("--ipv4", "-4") { Description = "only IPv4 addresses" };
    private readonly Option<bool> _ipv6 = new("--ipv6", "-6") { Description = "only IPv6 addresses" };
    private readonly Option<bool> _allAddresses = new("--all-addresses") { Description = "probe every address of the name, with one result for each" };
    private readonly Option<int> _count = NumberOption.Count("--count", "number of times that each probe is made", 1, int.MaxValue, Defaults.Count, "-c");
    private readonly Option<double> _delay = NumberOption.Seconds("--delay", "seconds between two probes of one port", 0, LongestTime, Defaults.Delay);
    private readonly Option<int> _throttle = NumberOption.Count("--throttle", "ports that are probed at the same time", 1, int.MaxValue, Defaults.ThrottleLimit);
    private readonly Option<bool> _capture = new("--capture") { Description = "capture the packets too, if this user may capture" };
    private readonly Option<string?> _timerFile = new("--timer-file") { Description = "CSV of your own idle time-outs (Seconds,Mode,Closer,Product,Source), beside the built-in ones", HelpName = "FILE" };

    public TeardownArguments(Command command)
    {
        _probes.CompletionSources.Add(_ => TeardownProbes.All.Select(probe => new CompletionItem(probe.Probe.ToString(), detail: probe.Summary)));
        command.Add(_host);
        command.Add(_ports);
        foreach (Option option in new Option[] { _probes, _payload, _payloadFile, _httpPath, _tls, _tlsName, _timeout, _wait, _keepAlive, _maxRequests, _ipv4, _ipv6, _allAddresses, _count, _delay, _throttle, _capture, _timerFile, Quiet, Verbose, Format })
            command.Add(option);
        _host.Validators.Add(result =>
        {
            if (!TeardownTarget.CanBeHost(result.Tokens[0].Value))
                result.AddError($"HOST: '{result.Tokens[0].Value}' is not a host name; give the parts of a URL, or of a name with a port, separately: example.org 443 --tls --http-path /index.html");
        });
        command.Validators.Add(Judge);
    }

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "print nothing; exit with 0 if every probe completed and no data was lost: the peer closed with FIN, or kept a connection open that it was not asked to close; otherwise with 1" };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "print every call to standard error" };

    public Option<OutputFormat> Format { get; } = FormatOption.Create();

    public IEnumerable<TeardownTarget> TargetsOf(ParseResult result) =>
        result.GetValue(_ports)!.Distinct().Select(port => new TeardownTarget(result.GetValue(_host)!, port));

    /// <summary>Returns the options, and reads the files that they name.</summary>
    /// <exception cref="TimerFileException">The table of timers is wrong.</exception>
    /// <exception cref="IOException">The payload cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The payload may not be read.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TeardownOptions OptionsOf(ParseResult result)
    {
        TeardownOptions options = new()
        {
            Probes = [.. result.GetValue(_probes)!.Distinct()],
            Payload = PayloadOf(result),
            HttpPath = result.GetValue(_httpPath),
            UseTls = result.GetValue(_tls),
            TlsName = result.GetValue(_tlsName),
            ConnectTimeout = TimeSpan.FromSeconds(result.GetValue(_timeout)),
            WaitLimit = TimeSpan.FromSeconds(result.GetValue(_wait)),
            KeepAliveInterval = result.GetValue(_keepAlive) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MaxRequests = result.GetValue(_maxRequests),
            AddressFamily = result.GetValue(_ipv4) ? AddressFamily.InterNetwork : result.GetValue(_ipv6) ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified,
            AllAddresses = result.GetValue(_allAddresses),
            Count = result.GetValue(_count),
            Delay = TimeSpan.FromSeconds(result.GetValue(_delay)),
            ThrottleLimit = result.GetValue(_throttle),
            CaptureLibrary = result.GetValue(_capture) ? CaptureLibrary.Instance : null,
            Timers = result.GetValue(_timerFile) is { } file ? KnownTimers.Read(file) : null,
        };
        options.Validate(NameOf);
        return options;
    }

    /// <summary>Returns the option for a property of <see cref="TeardownOptions"/>.</summary>
    private string NameOf(string property) => property switch
    {
        nameof(TeardownOptions.Probes) => _probes.Name,
        nameof(TeardownOptions.Payload) => _payload.Name,
        nameof(TeardownOptions.HttpPath) => _httpPath.Name,
        nameof(TeardownOptions.UseTls) => _tls.Name,
        nameof(TeardownOptions.ConnectTimeout) => _timeout.Name,
        nameof(TeardownOptions.WaitLimit) => _wait.Name,
        nameof(TeardownOptions.KeepAliveInterval) => _keepAlive.Name,
        nameof(TeardownOptions.MaxRequests) => _maxRequests.Name,
        nameof(TeardownOptions.Count) => _count.Name,
        nameof(TeardownOptions.Delay) => _delay.Name,
        nameof(TeardownOptions.ThrottleLimit) => _throttle.Name,
        nameof(TeardownOptions.AddressFamily) => $"{_ipv4.Name} or {_ipv6.Name}",
        _ => throw new ArgumentOutOfRangeException(nameof(property), property, null),
    };

    private byte[] PayloadOf(ParseResult result) =>
        result.GetValue(_payloadFile) is { } file ? PayloadFile.Read(file) : Encoding.UTF8.GetBytes(result.GetValue(_payload) ?? "");

    private void Judge(CommandResult result)
    {
        if (result.GetValue(_ipv4) && result.GetValue(_ipv6))
            result.AddError("--ipv4 and --ipv6 exclude each other");
        if (new Option[] { _payload, _payloadFile, _httpPath }.Count(option => result.GetResult(option) is not null) > 1)
            result.AddError("--payload, --payload-file and --http-path exclude each other");
        if (result.GetResult(_tlsName) is not null && !result.GetValue(_tls))
            result.AddError("--tls-name needs --tls");
    }

    private static int[]? ParsePorts(ArgumentResult result)
    {
        int?[] ports = [.. result.Tokens.Select(token => NumberOption.ReadWhole(result, token, 1, IPEndPoint.MaxPort))];
        return ports.Contains(null) ? null : [.. ports.Select(port => port!.Value)];
    }

    private static TeardownProbeKind[]? ParseProbes(ArgumentResult result)
    {
        List<TeardownProbeKind> probes = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            string name = text.Replace("-", "", StringComparison.Ordinal); // hyphens are accepted: half-close
            if (name.Length > 0 && char.IsAsciiLetter(name[0]) && Enum.TryParse(name, ignoreCase: true, out TeardownProbeKind probe))
                probes.Add(probe);
            else
                result.AddError($"--probe: {SimilarName.Describe("probe", text, Enum.GetNames<TeardownProbeKind>())}");
        }

        return [.. probes];
    }
}
