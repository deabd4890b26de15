using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Cli;

/// <summary>What may follow <c>brokenpipe serve</c>. The ranges are judged where the server starts.</summary>
internal sealed class ServeArguments
{
    private const double LongestTime = 86_400;

    private static readonly FaultServerOptions Defaults = new();

    private readonly Argument<ServerBehavior?> _behavior = new("BEHAVIOUR")
    {
        Description = "what it does to whoever connects; --list names them",
        HelpName = "BEHAVIOUR",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ParseBehavior,
    };

    private readonly Option<IPAddress> _address = new("--address", "-a")
    {
        Description = "where to listen; other than a loopback address it exposes the server to the network (127.0.0.1)",
        CustomParser = AddressOption.ReadOne,
        DefaultValueFactory = _ => Defaults.Address,
    };

    private readonly Option<int> _port = NumberOption.Count("--port", "the port; 0 takes a free one", 0, IPEndPoint.MaxPort, Defaults.Port, "-p");
    private readonly Option<string?> _unix = new("--unix") { Description = "the path where UnixSink listens", HelpName = "PATH" };
    private readonly Option<double> _idleTimeout = NumberOption.Seconds("--idle-timeout", "seconds of silence after which IdleTimeout closes", 0.001, LongestTime, Defaults.IdleTimeout);
    private readonly Option<double> _interval = NumberOption.Seconds("--interval", "seconds between two bytes of SlowResponse", 0, LongestTime, Defaults.Interval);
    private readonly Option<bool> _abort = new("--abort") { Description = "close with RST where the behaviour closes with FIN" };
    private readonly Option<int> _maxRequests = NumberOption.Count("--max-requests", "answers that MaxRequests gives on a connection", 1, int.MaxValue, Defaults.MaxRequests);
    private readonly Option<int> _maxConnections = NumberOption.Count("--max-connections", "connections held at once; another takes the place of the one without a byte for the longest time", 1, int.MaxValue, Defaults.MaxConnections);

    public ServeArguments(Command command)
    {
        command.Add(_behavior);
        foreach (Option option in new Option[] { _address, _port, _unix, _idleTimeout, _interval, _abort, _maxRequests, _maxConnections, List, Format })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(List) && result.GetResult(_behavior) is not { Tokens.Count: > 0 })
                result.AddError("BEHAVIOUR is missing; --list names them");
        });
    }

    public Option<bool> List { get; } = new("--list", "-l") { Description = "name the behaviours and end" };

    public Option<OutputFormat> Format { get; } = FormatOption.Create();

    /// <summary>Only where <see cref="List"/> was not asked for.</summary>
    public FaultServerOptions OptionsOf(ParseResult result) => new()
    {
        Behavior = result.GetValue(_behavior)!.Value,
        Address = result.GetValue(_address)!,
        Port = result.GetValue(_port),
        UnixSocketPath = result.GetValue(_unix),
        IdleTimeout = TimeSpan.FromSeconds(result.GetValue(_idleTimeout)),
        Interval = TimeSpan.FromSeconds(result.GetValue(_interval)),
        Abort = result.GetValue(_abort),
        MaxRequests = result.GetValue(_maxRequests),
        MaxConnections = result.GetValue(_maxConnections),
        LogCapacity = 0, // every connection is printed as it ends
    };

    private static ServerBehavior? ParseBehavior(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string name = text.Replace("-", "", StringComparison.Ordinal); // reset-on-accept is what a shell's user would try
        if (name is [not (>= '0' and <= '9'), ..] && Enum.TryParse(name, ignoreCase: true, out ServerBehavior behavior))
            return behavior;
        result.AddError($"unknown behaviour '{text}'; valid: {string.Join(", ", Enum.GetNames<ServerBehavior>())}");
        return null;
    }
}
