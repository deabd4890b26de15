using System.CommandLine;
using System.CommandLine.Parsing;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Cli.Output;

namespace BrokenPipeTools.Cli.Options;

/// <summary>The options of brokenpipe close. They must contain either captures to read or an interface to capture on.</summary>
internal sealed class CloseOptions
{
    private const double LongestCapture = 365 * 86_400;

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "pcap or pcapng, plain, gzip, zstd or lz4; - reads standard input; after -- a name can begin with -",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _interface = new("--interface", "-i") { HelpName = "NAME", Description = "capture on this interface in place of reading files; Ctrl+C ends it" };
    private readonly Option<double?> _duration = NumberOption.OptionalSeconds("--duration", "with -i: seconds to capture", 0, LongestCapture);
    private readonly Option<string?> _filter = new("--filter") { HelpName = "FILTER", Description = "with -i: which packets, in the syntax of pcap-filter(7): 'tcp port 443'" };
    private readonly Option<string?> _place = new("--network-namespace") { HelpName = "NAMESPACE", Description = "with -i: the network namespace of the interface (as root): the id of a process in it, or a path such as /run/netns/blue" };
    private readonly Option<string?> _write = new("--write", "-w") { HelpName = "FILE", Description = "with -i: write the packets to this file (pcapng)" };
    private readonly Option<bool> _force = new("--force") { Description = "with --write: overwrite an existing file" };
    private readonly Option<OutputFormat> _format = FormatOption.Create();
    private readonly ReadingOptions _reading = new($"; with -i {AnalyzerOptions.LiveLinger.TotalSeconds}");

    public Command AddTo(Command command)
    {
        command.Add(_files);
        foreach (Option option in new Option[] { _interface, _duration, _filter, _place, _write, _force, _format })
            command.Add(option);
        _reading.AddTo(command);
        command.Validators.Add(result =>
        {
            bool live = result.GetResult(_interface) is not null;
            if (live == result.GetValue(_files) is { Length: > 0 })
                result.AddError(live ? "give either captures to read or an interface to capture on, not both" : "give captures to read, or an interface to capture on (-i)");
            if (live && result.GetValue(_reading.Continuous))
                result.AddError("--continuous needs captures, not an interface");
            foreach (Option option in new Option[] { _duration, _filter, _place, _write, _force })
            {
                if (!live && result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name} needs an interface (-i)");
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
                NetworkNamespace = result.GetValue(_place),
                Duration = result.GetValue(_duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            }
            : null;
        CloseRequest request = new(result.GetValue(_files) ?? [], result.GetValue(_format)) { Capture = capture, RecordTo = result.GetValue(_write), Overwrite = result.GetValue(_force) };
        return _reading.Read(request, result, capture is null ? new AnalyzerOptions().Linger : AnalyzerOptions.LiveLinger);
    }
}

/// <summary>A request to read files, or to capture packets.</summary>
/// <param name="Files">The captures to read.</param>
/// <param name="Format">The format in which results are printed.</param>
internal sealed record CloseRequest(string[] Files, OutputFormat Format)
{
    /// <summary>The options of the capture; null to read the files.</summary>
    public LiveCaptureOptions? Capture { get; init; }

    /// <summary>The file for the captured packets; null if they are not kept.</summary>
    public string? RecordTo { get; init; }

    /// <summary>Whether to overwrite the file if it exists.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether to print how the frames were decoded.</summary>
    public bool Verbose { get; init; }

    public AnalyzerOptions Analyzer { get; init; } = new();

    /// <summary>Whether the files together are one capture.</summary>
    public bool IsSeries { get; init; }

    /// <summary>The file with the user's own time-outs; null if there is none.</summary>
    public string? TimerFile { get; init; }
}
