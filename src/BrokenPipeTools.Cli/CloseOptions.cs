using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using BrokenPipeTools.Live;

namespace BrokenPipeTools.Cli;

/// <summary>What <c>brokenpipe close</c> is told, and that it is told one thing only: captures to read or an interface to capture on.</summary>
internal sealed class CloseOptions
{
    private const double LongestCapture = 365 * 86_400;
    private const double LongestLinger = 86_400;

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "pcap or pcapng, plain or gzip; - reads standard input; after -- a name may begin with -",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _interface = new("--interface", "-i") { HelpName = "NAME", Description = "capture on this interface in place of reading files; Ctrl+C ends it" };
    private readonly Option<double?> _duration = NumberOption.OptionalSeconds("--duration", "with -i: seconds to capture", 0, LongestCapture);
    private readonly Option<string?> _filter = new("--filter") { HelpName = "FILTER", Description = "with -i: which packets, in the language of pcap-filter(7): 'tcp port 443'" };
    private readonly Option<string?> _write = new("--write", "-w") { HelpName = "FILE", Description = "with -i: keep the packets in this file (pcapng)" };
    private readonly Option<bool> _force = new("--force") { Description = "with --write: overwrite a file that is there" };
    private readonly Option<OutputFormat> _format = FormatOption.Create();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "say what became of the frames of each capture" };
    /// <summary>The option of the bound on open connections.</summary>
    public const string MaxConnections = "--max-connections";

    private readonly Option<int> _maxConnections = NumberOption.Count(MaxConnections, "connections held open at once", 1, int.MaxValue, new AnalyzerOptions().MaxConnections);
    private readonly Option<double?> _linger = NumberOption.OptionalSeconds("--linger", $"seconds (of the capture's time) a closed connection waits for stragglers [default: {new AnalyzerOptions().Linger.TotalSeconds}; with -i {AnalyzerOptions.LiveLinger.TotalSeconds}]", 0, LongestLinger);

    private readonly Option<IPAddress[]> _localAddress = new("--local-address") { HelpName = "ADDRESS", CustomParser = AddressOption.ReadAll, Description = "tell explanations from the side of this address (may be given again): your program" };
    private readonly Option<string?> _timerFile = new("--timer-file") { HelpName = "FILE", Description = "CSV of your own idle time-outs (Seconds,Mode,Closer,Product,Source), beside the built-in ones" };

    private readonly Option<bool> _continuous = new("--continuous") { Description = "the captures are one, in the order given (the oldest first, they are not sorted): the files of a ring buffer" };
    private readonly FilterOptions _filters = new();

    public Command AddTo(Command command)
    {
        command.Add(_files);
        foreach (Option option in new Option[] { _interface, _duration, _filter, _write, _force, _format, _verbose, _continuous, _maxConnections, _linger, _localAddress, _timerFile })
            command.Add(option);
        _filters.AddTo(command);
        command.Validators.Add(result =>
        {
            bool live = result.GetResult(_interface) is not null;
            if (live == result.GetValue(_files) is { Length: > 0 })
                result.AddError(live ? "either captures to read or an interface to capture on, not both" : "name captures to read, or an interface to capture on (-i)");
            if (live && result.GetValue(_continuous))
                result.AddError("--continuous goes with captures, not with an interface");
            foreach (Option option in new Option[] { _duration, _filter, _write, _force })
            {
                if (!live && result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name} goes with an interface (-i)");
            }
        });
        return command;
    }

    public CloseRequest Read(ParseResult result)
    {
        LiveCaptureOptions? capture = result.GetValue(_interface) is { } name
            ? new LiveCaptureOptions
            {
                InterfaceName = name,
                Filter = result.GetValue(_filter),
                Duration = result.GetValue(_duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            }
            : null;
        TimeSpan usual = capture is null ? new AnalyzerOptions().Linger : AnalyzerOptions.LiveLinger;
        return new CloseRequest(result.GetValue(_files) ?? [], capture, result.GetValue(_write), result.GetValue(_force), result.GetValue(_format), result.GetValue(_verbose))
        {
            IsSeries = result.GetValue(_continuous),
            TimerFile = result.GetValue(_timerFile),
            Analyzer = new AnalyzerOptions
            {
                MaxConnections = result.GetValue(_maxConnections),
                Linger = result.GetValue(_linger) is { } linger ? TimeSpan.FromSeconds(linger) : usual,
                Filter = _filters.Read(result),
                LocalAddresses = result.GetValue(_localAddress) ?? [],
            },
        };
    }
}

/// <summary>What to do: read the files, or capture where <paramref name="Capture"/> is given.</summary>
internal sealed record CloseRequest(string[] Files, LiveCaptureOptions? Capture, string? RecordTo, bool Overwrite, OutputFormat Format, bool Verbose)
{
    public required AnalyzerOptions Analyzer { get; init; }

    /// <summary>The files are one capture.</summary>
    public bool IsSeries { get; init; }

    /// <summary>The site's own time-outs; null for none.</summary>
    public string? TimerFile { get; init; }
}
