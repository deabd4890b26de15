using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using BrokenPipeTools.Analysis;

namespace BrokenPipeTools.Cli.Options;

/// <summary>The options for reading captures, with those that select and explain connections. Every command that reads captures has them.</summary>
internal sealed class ReadingOptions
{
    /// <summary>The name of the option for the most open connections in memory.</summary>
    public const string MaxConnections = "--max-connections";

    private const double LongestLinger = 86_400;

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "report how many frames of each capture were decoded, and why others were not" };
    private readonly Option<int> _maxConnections = NumberOption.Count(MaxConnections, "largest number of open connections in memory", 1, int.MaxValue, new AnalyzerOptions().MaxConnections);
    private readonly Option<double?> _linger;
    private readonly Option<IPAddress[]> _localAddress = new("--local-address") { HelpName = "ADDRESS", CustomParser = AddressOption.ReadAll, Description = "call the side with this address 'your program' in explanations (may be given again)" };
    private readonly Option<string?> _timerFile = new("--timer-file") { HelpName = "FILE", Description = "CSV of your own idle time-outs (Seconds,Mode,Closer,Product,Source), beside the built-in ones" };
    private readonly FilterOptions _filters = new();

    /// <param name="lingerElsewhere">A text for the help: the default of --linger in other cases; empty if there is none.</param>
    public ReadingOptions(string lingerElsewhere = "") =>
        _linger = NumberOption.OptionalSeconds("--linger", $"seconds (of the capture's time) for which a closed connection waits for late segments [default: {new AnalyzerOptions().Linger.TotalSeconds}{lingerElsewhere}]", 0, LongestLinger);

    /// <summary>The option to read the captures as the files of a ring buffer.</summary>
    public Option<bool> Continuous { get; } = new("--continuous") { Description = "read the captures as one, in the given order (oldest first, they are not sorted): the files of a ring buffer" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _verbose, Continuous })
            command.Add(option);
        _filters.AddTo(command);
        foreach (Option option in new Option[] { _maxConnections, _linger, _localAddress, _timerFile })
            command.Add(option);
    }

    /// <summary>Adds the options for reading captures, but not those that select or explain connections.</summary>
    public void AddReadingTo(Command command)
    {
        foreach (Option option in new Option[] { _verbose, Continuous, _maxConnections, _linger })
            command.Add(option);
    }

    /// <summary>Reads the options into a request.</summary>
    /// <param name="request">The request with the captures.</param>
    /// <param name="result">The command line.</param>
    /// <param name="usualLinger">The linger time if the command line has no --linger.</param>
    public CloseRequest Read(CloseRequest request, ParseResult result, TimeSpan usualLinger) => request with
    {
        Verbose = result.GetValue(_verbose),
        IsSeries = result.GetValue(Continuous),
        TimerFile = result.GetValue(_timerFile),
        Analyzer = new AnalyzerOptions
        {
            MaxConnections = result.GetValue(_maxConnections),
            Linger = result.GetValue(_linger) is { } linger ? TimeSpan.FromSeconds(linger) : usualLinger,
            Filter = _filters.Read(result),
            LocalAddresses = result.GetValue(_localAddress) ?? [],
        },
    };
}
