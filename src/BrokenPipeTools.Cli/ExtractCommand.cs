using System.CommandLine;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe extract FILE… --to ticket.pcapng</c>: the packets of chosen connections, or a ticket about them, in one file.</summary>
internal static class ExtractCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        Argument<string[]> files = new("FILE") { Description = "captures and traces as text; after -- a name may begin with -", Arity = ArgumentArity.OneOrMore, HelpName = "FILE" };
        Option<string> to = new("--to", "-o") { HelpName = "FILE", Required = true, Description = "the file to write: .pcapng for the packets with comments, .md for a ticket in Markdown" };
        Option<bool> force = new("--force") { Description = "overwrite a file that is there" };
        Option<bool> continuous = new("--continuous") { Description = "the captures are one, in the order given: the files of a ring buffer" };
        FilterOptions filters = new();
        to.Validators.Add(result =>
        {
            if (result.GetValue(to) is { } path && !RecordExport.IsKnown(path))
                result.AddError($"--to: '{path}' has none of the extensions {string.Join(", ", RecordExport.Extensions)}");
        });
        files.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value == CaptureFile.StandardInput))
                result.AddError("standard input cannot be read twice; name a file");
        });
        Command command = new("extract", "Writes the packets of connections to a capture of their own, or a ticket about them.") { files, to, force, continuous };
        filters.AddTo(command);
        command.SetAction((result, cancellation) => Task.Run(() => Run(
            [.. (result.GetValue(files) ?? []).SelectMany(FileNames.Expand)], result.GetValue(continuous), result.GetValue(to)!, result.GetValue(force), new AnalyzerOptions { Filter = filters.Read(result) }, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(IReadOnlyList<string> files, bool isSeries, string to, bool overwrite, AnalyzerOptions options, CancellationToken cancellation)
    {
        try
        {
            using RecordExport export = new(to, overwrite);
            using ExtractOutput output = new(export);
            CaptureRun run = new(output, options, cancellation);
            if (isSeries)
                run.ReadSeries(files);
            foreach (string file in isSeries ? [] : files)
                run.Read(file);
            output.Complete(export.Complete(path => isSeries ? new CaptureSeries(files, CaptureFile.Open) : CaptureFile.Open(path, cancellation), cancellation), to);
            return output.ExitCode;
        }
        catch (CaptureWriteException e)
        {
            CaptureProblem problem = CaptureProblem.From(e, to);
            StandardError.WriteLine($"brokenpipe: {problem.Id}: {problem.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Termination.Interrupted;
        }
    }
}
