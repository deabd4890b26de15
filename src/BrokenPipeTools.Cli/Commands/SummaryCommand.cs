using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>
/// brokenpipe summary FILE…: counts the connections of captures, compares the counts with an earlier summary, and checks them against thresholds.
/// </summary>
internal static class SummaryCommand
{
    private const int InputFailed = 1;
    private const int ThresholdExceeded = 3;
    private const int MostLines = 10_000;
    private const int UsualLines = 10;

    private const string Description = """
        Counts the TCP connections of captures by cause, state, closer, service (the server's port) and, of those in trouble, by client and server.

        brokenpipe summary --format json *.pcap > monday.json
        brokenpipe summary --reference monday.json --fail-on MiddleboxReset,SilentDrop:5 *.pcap

        The exit code is 3 if a threshold of --fail-on is exceeded, else 1 if a capture could not be read to its end; 130 after Ctrl+C; else 0.
        """;

    public static Command Create()
    {
        Argument<string[]> files = new("FILE") { Description = "captures, in a format that brokenpipe close reads", Arity = ArgumentArity.OneOrMore };
        Option<OutputFormat> format = FormatOption.Create();
        Option<int> top = NumberOption.Count("--top", "number of lines for services, and for pairs of client and server", 1, MostLines, UsualLines);
        Option<string?> reference = new("--reference") { HelpName = "FILE", Description = "an earlier summary, saved with --format json: marks new causes, and shares that have changed significantly" };
        Option<CauseThreshold[]> failOn = new("--fail-on") { HelpName = "CAUSE[:N],…", CustomParser = ReadThresholds, Description = "exit code 3 if there are more than N connections (default 0) of this cause, * and ? allowed (may be given again)" };
        failOn.CompletionSources.Add(_ => CauseSummary.All.Select(one => new CompletionItem(one.Cause.ToString(), detail: one.Summary)));
        ReadingOptions reading = new();
        Command command = new("summary", Description) { files, format, top, reference, failOn };
        reading.AddTo(command);
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            CloseRequest request = reading.Read(new CloseRequest(result.GetValue(files) ?? [], result.GetValue(format)), result, new AnalyzerOptions().Linger);
            return Start(request, new SummaryOptions(result.GetValue(top), result.GetValue(reference), result.GetValue(failOn) ?? []), output, cancellation);
        }));
        return command;
    }

    /// <summary>Counts the connections. If the earlier summary is wrong, no capture is read, because there is nothing to compare with.</summary>
    private static int Start(CloseRequest request, SummaryOptions options, Stream output, CancellationToken interrupt)
    {
        SummaryReference? reference = null;
        try
        {
            reference = options.Reference is null ? null : SummaryReference.Read(options.Reference);
        }
        catch (SummaryReferenceException e)
        {
            StandardError.WriteLine($"brokenpipe: SummaryReferenceInvalid: {e.Message}");
            return InputFailed;
        }

        CloseTally tally = new();
        int exitCode = RecordRun.Start(request, new RecordTaker(tally.Add), interrupt);
        if (exitCode == Termination.Interrupted)
            return exitCode; // after an error no summary is printed: an incomplete one would look like a complete one
        ObjectWriter<SummaryLine> writer = new(request.Format, output, SummaryShape.Of(hasReference: reference is not null));
        foreach (SummaryLine line in tally.Summarize(options.Top, reference))
            writer.Write(line);
        string[] exceeded = [.. options.FailOn.Select(threshold => threshold.Check(tally)).OfType<string>()];
        foreach (string problem in exceeded)
            StandardError.WriteLine($"brokenpipe: {nameof(ThresholdExceeded)}: {problem}");
        return exceeded.Length > 0 ? ThresholdExceeded : exitCode;
    }

    private static CauseThreshold[] ReadThresholds(ArgumentResult result)
    {
        List<CauseThreshold> thresholds = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (CauseThreshold.Read(text, out string problem) is { } threshold)
                thresholds.Add(threshold);
            else
                result.AddError($"--fail-on: {problem}");
        }

        return [.. thresholds];
    }

    /// <param name="Top">The most lines for services, and the most lines for pairs.</param>
    /// <param name="Reference">The file of an earlier summary; null if none was given.</param>
    /// <param name="FailOn">The thresholds.</param>
    private sealed record SummaryOptions(int Top, string? Reference, CauseThreshold[] FailOn);
}
