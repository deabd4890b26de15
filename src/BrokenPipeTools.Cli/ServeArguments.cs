using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Cli;

/// <summary>What may follow <c>brokenpipe serve</c>. The ranges are judged where the server starts.</summary>
internal sealed class ServeArguments
{
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
        CustomParser = ParseAddress,
        DefaultValueFactory = _ => Defaults.Address,
    };

    private readonly Option<int> _port = new("--port", "-p") { Description = "the port; 0 takes a free one" };
    private readonly Option<string?> _unix = new("--unix") { Description = "the path where UnixSink listens", HelpName = "PATH" };
    private readonly Option<double> _idleTimeout = Seconds("--idle-timeout", "seconds of silence after which IdleTimeout closes", Defaults.IdleTimeout);
    private readonly Option<double> _interval = Seconds("--interval", "seconds between two bytes of SlowResponse", Defaults.Interval);
    private readonly Option<bool> _abort = new("--abort") { Description = "close with RST where the behaviour closes with FIN" };
    private readonly Option<int> _maxRequests = new("--max-requests") { Description = "answers that MaxRequests gives on a connection", DefaultValueFactory = _ => Defaults.MaxRequests };
    private readonly Option<int> _maxConnections = new("--max-connections") { Description = "connections held at once; another takes the place of the one without a byte for the longest time", DefaultValueFactory = _ => Defaults.MaxConnections };

    public ServeArguments(Command command)
    {
        command.Add(_behavior);
        foreach (Option option in new Option[] { _address, _port, _unix, _idleTimeout, _interval, _abort, _maxRequests, _maxConnections, List, Format })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(List) && result.GetResult(_behavior) is not { Tokens.Count: > 0 })
                result.AddError("say which BEHAVIOUR; --list names them");
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

    private static Option<double> Seconds(string name, string description, TimeSpan otherwise)
    {
        Option<double> option = new(name) { Description = description, HelpName = "S", DefaultValueFactory = _ => otherwise.TotalSeconds };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 86_400))
                result.AddError($"{name} must be from 0 to 86400 seconds");
        });
        return option;
    }

    private static ServerBehavior? ParseBehavior(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string name = text.Replace("-", "", StringComparison.Ordinal); // reset-on-accept is what a shell's user would try
        if (!char.IsAsciiDigit(name[..1].FirstOrDefault()) && Enum.TryParse(name, ignoreCase: true, out ServerBehavior behavior))
            return behavior;
        result.AddError($"there is no behaviour {text}; there are {string.Join(", ", Enum.GetNames<ServerBehavior>())}");
        return null;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
            return address;
        result.AddError($"{result.Tokens[0].Value} is no IP address");
        return null;
    }
}
