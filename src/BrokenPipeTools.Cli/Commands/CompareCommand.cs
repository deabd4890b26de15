using System.CommandLine;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Comparison;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary><c>brokenpipe compare client.pcap server.pcap</c>: the same connections at two places of capture.</summary>
internal static class CompareCommand
{
    private const string Description = """
        Compares two captures of the same connections, taken at two places: packets that were sent and did not arrive, or arrived and were not sent.

        brokenpipe compare client.pcap server.pcap
        brokenpipe compare --format json client.pcap server.pcap | jq 'select(.Verdict == "ForgedReset")'

        The exit code is 1 if a capture could not be read to its end; 130 after Ctrl+C; else 0.
        """;

    public static Command Create()
    {
        Argument<string> reference = new("REFERENCE") { Description = "the capture of one place, in a format that brokenpipe close reads; wildcards are resolved" };
        Argument<string> difference = new("DIFFERENCE") { Description = "the capture of the other place" };
        Option<OutputFormat> format = FormatOption.Create();
        difference.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value == CaptureFile.StandardInput) && result.Parent?.Tokens.Any(token => token.Value == CaptureFile.StandardInput) == true)
                result.AddError("standard input can be one of the two captures, not both");
        });
        ReadingOptions reading = new();
        Command command = new("compare", Description) { reference, difference, format };
        reading.AddReadingTo(command); // no filters: if a filter left a connection out of one capture, its packets would be reported as lost
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            CloseRequest Request(Argument<string> files) => reading.Read(new CloseRequest([result.GetValue(files)!], result.GetValue(format)), result, new AnalyzerOptions().Linger);
            return Start(Request(reference), Request(difference), output, cancellation);
        }));
        return command;
    }

    private static int Start(CloseRequest reference, CloseRequest difference, Stream output, CancellationToken interrupt)
    {
        CaptureComparison comparison = new();
        int exitCode = RecordRun.Start(reference, new RecordTaker(record => comparison.AddReference(record), keeps: true), interrupt);
        if (exitCode != Termination.Interrupted)
            exitCode = Math.Max(exitCode, RecordRun.Start(difference, new RecordTaker(record => comparison.AddDifference(record), keeps: true), interrupt));
        if (interrupt.IsCancellationRequested)
            return Termination.Interrupted;
        if (comparison.Overflow is { } overflow)
            StandardError.WriteLine($"brokenpipe: warning: {overflow}");
        ObjectWriter<ConnectionComparison> writer = new(reference.Format, output, ComparisonShape.Shape);
        bool isAny = false;
        try
        {
            foreach (ConnectionComparison one in comparison.Compare(path => CaptureFile.Open(path, interrupt)))
            {
                isAny = true;
                writer.Write(one);
            }
        }
        catch (OperationCanceledException)
        {
            return Termination.Interrupted;
        }

        if (!isAny && exitCode == 0) // otherwise a capture is missing, or a part of it
            StandardError.WriteLine($"brokenpipe: warning: {CaptureComparison.NothingInCommon}");
        return exitCode;
    }
}
