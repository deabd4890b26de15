using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Net;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Options;

/// <summary>The arguments of <c>brokenpipe serve</c>. The ranges are checked when the server starts.</summary>
internal sealed class ServeArguments
{
    private const double LongestTime = 86_400;

    private static readonly BrokenPipeServerOptions Defaults = new();

    private readonly Argument<ServerBehavior[]> _behaviors = new("BEHAVIOR")
    {
        Description = "behaviors for the connections, one after another; the last repeats; --list shows them",
        HelpName = "BEHAVIOR",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = ParseBehaviors,
    };

    private readonly Option<bool> _loop = new("--loop") { Description = "after the last behavior start again with the first" };
    private readonly Option<ServerStep> _per = OfNames<ServerStep>("--per", "what takes the next behavior: connection or request");
    private readonly Option<double?> _probability = NumberOption.OptionalFraction("--probability", "probability that one of the behaviors before the last is used, and not the last");
    private readonly Option<long?> _seed = NumberOption.OptionalCount("--seed", "seed of the random choice; the same seed repeats a run", int.MinValue, int.MaxValue);
    private readonly Option<double> _outage = NumberOption.Seconds("--outage", "seconds for which Refuse, FullBacklog, DropSyn and LateAccept keep clients out", 0.001, LongestTime, Defaults.Outage);
    private readonly Option<IPAddress> _address = new("--address", "-a")
    {
        Description = "address to listen on; an address other than loopback exposes the server to the network",
        HelpName = "ADDRESS",
        CustomParser = AddressOption.ReadOne,
        DefaultValueFactory = _ => Defaults.Address,
    };

    private readonly Option<int> _port = NumberOption.Count("--port", "the port; 0 selects a free one", 0, IPEndPoint.MaxPort, Defaults.Port, "-p");
    private readonly Option<string?> _unix = new("--unix") { Description = "the path of the socket for UnixSink", HelpName = "PATH" };
    private readonly Option<double> _idleTimeout = NumberOption.Seconds("--idle-timeout", "idle time in seconds after which IdleTimeout closes", 0.001, LongestTime, Defaults.IdleTimeout);
    private readonly Option<double> _interval = NumberOption.Seconds("--interval", "seconds between two bytes of SlowResponse", 0, LongestTime, Defaults.Interval);
    private readonly Option<bool> _abort = new("--abort") { Description = "close with RST if the behavior closes with FIN" };
    private readonly Option<int> _maxRequests = NumberOption.Count("--max-requests", "answers that MaxRequests gives on a connection", 1, int.MaxValue, Defaults.MaxRequests);
    private readonly Option<int> _maxConnections = NumberOption.Count("--max-connections", "largest number of open connections; one more replaces the one that was idle for the longest time", 1, int.MaxValue, Defaults.MaxConnections);

    private readonly Option<bool> _tls = new("--tls") { Description = "use TLS, with a new certificate for the names of the endpoint" };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "use TLS with this certificate and its chain: PEM, the server's own first, or PKCS #12 without a password", HelpName = "FILE" };
    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "the key of a PEM certificate, if it is not in the same file", HelpName = "FILE" };
    private readonly Option<string?> _certificateOut = new("--certificate-out") { Description = "write the certificate that --tls makes to this file (PEM), for clients that check it (curl --cacert)", HelpName = "FILE" };
    private readonly Option<bool> _noCloseNotify = new("--no-close-notify") { Description = "over TLS close without close_notify" };
    private readonly Option<string?> _upstream = new("--upstream") { Description = "the server to which Forward, ForwardThenReset and so on forward connections", HelpName = "HOST:PORT" };
    private readonly Option<long?> _afterBytes = NumberOption.OptionalCount("--after-bytes", "bytes after which a forwarded connection fails", 1, long.MaxValue);
    private readonly Option<long?> _afterRequests = NumberOption.OptionalCount("--after-requests", "requests after which a forwarded connection fails", 1, int.MaxValue);
    private readonly Option<double?> _afterTime = NumberOption.OptionalSeconds("--after-time", "seconds after which a forwarded connection fails", 0.001, LongestTime);
    private readonly Option<ForwardSide> _toward = OfNames<ForwardSide>("--toward", "the side that gets the FIN, the RST or the silence: client, upstream or both");

    public ServeArguments(Command command)
    {
        _behaviors.CompletionSources.Clear();
        _behaviors.CompletionSources.Add(_ => ServerBehaviors.All.Select(one => new CompletionItem(one.Behavior.ToString(), detail: one.Summary)));
        command.Add(_behaviors);
        foreach (Option option in new Option[]
        {
            _loop, _per, _probability, _seed, _outage, _address, _port, _unix, _tls, _certificate, _certificateKey, _certificateOut, _noCloseNotify, _upstream, _afterBytes, _afterRequests, _afterTime, _toward,
            _idleTimeout, _interval, _abort, _maxRequests, _maxConnections, List, Format,
        })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(List) && result.GetResult(_behaviors) is not { Tokens.Count: > 0 })
                result.AddError("BEHAVIOR is missing; --list shows them");
            if (result.GetResult(_certificateKey) is not null && result.GetResult(_certificate) is null)
                result.AddError("--certificate-key needs --certificate");
            if (result.GetResult(_certificateOut) is not null && (!result.GetValue(_tls) || result.GetResult(_certificate) is not null))
                result.AddError("--certificate-out needs --tls, without --certificate");
        });
    }

    public Option<bool> List { get; } = new("--list", "-l") { Description = "list the behaviors and end" };

    public Option<OutputFormat> Format { get; } = FormatOption.Create();

    /// <summary>Returns the options of the server. If <see cref="List"/> was given, there are none, and the call is not allowed.</summary>
    /// <exception cref="ServerStartException">The certificate cannot be read.</exception>
    public BrokenPipeServerOptions OptionsOf(ParseResult result)
    {
        BrokenPipeServerOptions options = PlainOptionsOf(result);
        if (result.GetValue(_certificate) is not { } file)
            return options;
        CertificateChain chain = CertificateFile.Read(file, result.GetValue(_certificateKey), _certificateKey.Name);
        return options with { Certificate = chain.Certificate, Intermediates = chain.Intermediates };
    }

    /// <summary>Returns the file to write the server's certificate to; null if none was given.</summary>
    public string? CertificateOutOf(ParseResult result) => result.GetValue(_certificateOut);

    private BrokenPipeServerOptions PlainOptionsOf(ParseResult result) => new()
    {
        Behaviors = result.GetValue(_behaviors)!,
        Loop = result.GetValue(_loop),
        Per = result.GetValue(_per),
        Probability = result.GetValue(_probability),
        Seed = (int?)result.GetValue(_seed),
        Outage = TimeSpan.FromSeconds(result.GetValue(_outage)),
        Address = result.GetValue(_address)!,
        Port = result.GetValue(_port),
        UnixSocketPath = result.GetValue(_unix),
        UseTls = result.GetValue(_tls),
        SendsCloseNotify = !result.GetValue(_noCloseNotify),
        Upstream = result.GetValue(_upstream),
        AfterBytes = result.GetValue(_afterBytes),
        AfterRequests = (int?)result.GetValue(_afterRequests),
        AfterTime = result.GetValue(_afterTime) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Toward = result.GetValue(_toward),
        IdleTimeout = TimeSpan.FromSeconds(result.GetValue(_idleTimeout)),
        Interval = TimeSpan.FromSeconds(result.GetValue(_interval)),
        Abort = result.GetValue(_abort),
        MaxRequests = result.GetValue(_maxRequests),
        MaxConnections = result.GetValue(_maxConnections),
        LogCapacity = 0, // the log is not needed, because every connection is printed when it ends
        NameOption = OptionOf,
    };

    /// <summary>Returns the option of the command line for an option of the server, for error messages.</summary>
    private string OptionOf(string option) => option switch
    {
        nameof(BrokenPipeServerOptions.Behaviors) => _behaviors.Name,
        nameof(BrokenPipeServerOptions.Loop) => _loop.Name,
        nameof(BrokenPipeServerOptions.Per) => _per.Name,
        nameof(BrokenPipeServerOptions.Probability) => _probability.Name,
        nameof(BrokenPipeServerOptions.Port) => _port.Name,
        nameof(BrokenPipeServerOptions.UnixSocketPath) => _unix.Name,
        nameof(BrokenPipeServerOptions.UseTls) => _tls.Name,
        nameof(BrokenPipeServerOptions.Certificate) => _certificate.Name,
        nameof(BrokenPipeServerOptions.SendsCloseNotify) => _noCloseNotify.Name,
        nameof(BrokenPipeServerOptions.Upstream) => _upstream.Name,
        nameof(BrokenPipeServerOptions.AfterBytes) => _afterBytes.Name,
        nameof(BrokenPipeServerOptions.AfterRequests) => _afterRequests.Name,
        nameof(BrokenPipeServerOptions.AfterTime) => _afterTime.Name,
        _ => option, // the ranges of the others are checked when the command line is read
    };

    private static Option<T> OfNames<T>(string name, string description)
        where T : struct, Enum
    {
        Option<T> option = new(name)
        {
            Description = description,
            HelpName = typeof(T) == typeof(ServerStep) ? "STEP" : "SIDE",
            CustomParser = result => TryRead(result.Tokens[0].Value, out T value) ? value : Fail(result, $"{name}: {SimilarName.Describe("value", result.Tokens[0].Value, Enum.GetNames<T>())}", value),
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => Enum.GetNames<T>().Select(one => new CompletionItem(one)));
        return option;
    }

    private static ServerBehavior[] ParseBehaviors(ArgumentResult result)
    {
        List<ServerBehavior> behaviors = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (TryRead(text, out ServerBehavior behavior))
                behaviors.Add(behavior);
            else
                result.AddError(SimilarName.Describe("behavior", text, Enum.GetNames<ServerBehavior>()));
        }

        return [.. behaviors];
    }

    /// <summary>Reads a name. Case does not matter, and hyphens are allowed: reset-on-accept.</summary>
    private static bool TryRead<T>(string text, out T value)
        where T : struct, Enum
    {
        string name = text.Replace("-", "", StringComparison.Ordinal);
        value = default;
        return name is [not (>= '0' and <= '9'), ..] && Enum.TryParse(name, ignoreCase: true, out value);
    }

    private static T Fail<T>(ArgumentResult result, string problem, T value)
    {
        result.AddError(problem);
        return value;
    }
}
