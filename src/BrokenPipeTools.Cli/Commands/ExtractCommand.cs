using System.CommandLine;
using System.Globalization;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>brokenpipe extract FILE… --to ticket.pcapng: writes the packets of selected connections, or a ticket or a page about them, to one file.</summary>
internal static class ExtractCommand
{
    private const string Description = """
        Writes the packets of connections to a new capture, or writes a ticket or a page about them.

        brokenpipe extract --cause '*Reset' --to ticket.pcapng *.pcap*
        brokenpipe extract --port 5432 --to report.html db.pcap

        The exit code is 1 if a capture could not be read to its end, or the file could not be written; 130 after Ctrl+C; else 0.
        """;

    private const int Failed = 1;

    public static Command Create()
    {
        Argument<string[]> files = new("FILE") { Description = "captures, in a format that brokenpipe close reads; not standard input, which cannot be read twice", Arity = ArgumentArity.OneOrMore };
        Option<string> to = new("--to", "-o") { HelpName = "FILE", Required = true, Description = "the file to write: .pcapng for the packets with comments, .md for a ticket in Markdown, .html for a page with a table and ladders" };
        Option<bool> anonymize = new("--anonymize") { Description = "replace addresses and names, each always by the same one, and omit payload" };
        Option<bool> force = new("--force") { Description = "overwrite an existing file" };
        to.Validators.Add(result =>
        {
            if (result.GetValue(to) is { } path && !RecordExport.IsKnown(path))
                result.AddError($"--to: '{path}' has none of the valid extensions: {string.Join(", ", RecordExport.Extensions)}");
        });
        files.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value == CaptureFile.StandardInput))
                result.AddError("FILE: standard input cannot be read twice; give a file");
        });
        files.Validators.Add(result =>
        {
            bool readsAgain = RecordExport.ReadsAgain(result.GetResult(to)?.Tokens is [.., var last] ? last.Value : null);
            if (result.Tokens.FirstOrDefault(token => readsAgain && !RecordExport.CanReadAgain(token.Value)) is { } once)
                result.AddError($"FILE: {once.Value} {RecordExport.CannotReadAgain}");
        });
        ReadingOptions reading = new();
        Command command = new("extract", Description) { files, to, anonymize, force };
        reading.AddTo(command);
        command.SetAction((result, cancellation) =>
        {
            CloseRequest request = reading.Read(new CloseRequest(result.GetValue(files) ?? [], OutputFormat.Table), result, new AnalyzerOptions().Linger);
            if (RecordExport.ReadsAgain(result.GetValue(to)))
                request = request with { Analyzer = request.Analyzer with { Choices = PacketChoices.Of(request.Analyzer.Filter) } };
            return Task.Run(() => Run(request, () => new RecordExport(result.GetValue(to)!, result.GetValue(force), result.GetValue(anonymize)), result.GetValue(to)!, cancellation), CancellationToken.None);
        });
        return command;
    }

    private static int Run(CloseRequest request, Func<RecordExport> open, string to, CancellationToken cancellation)
    {
        try
        {
            using RecordExport export = open();
            bool isFull = false;
            int exitCode = RecordRun.Start(request, new RecordTaker(record => Add(export, record, ref isFull)), cancellation);
            return exitCode == Termination.Interrupted ? exitCode : Complete(export, request, to, exitCode, cancellation);
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

    /// <summary>Adds a connection, or warns at the first one beyond the limit.</summary>
    private static void Add(RecordExport export, ConnectionClose record, ref bool isFull)
    {
        if (isFull || export.TryAdd(record))
            return;
        isFull = true;
        StandardError.WriteLine(string.Create(CultureInfo.InvariantCulture, $"brokenpipe: warning: only the first {export.Capacity} connections are written; select fewer, by --cause or --address"));
    }

    private static int Complete(RecordExport export, CloseRequest request, string to, int exitCode, CancellationToken cancellation)
    {
        if (export.Count == 0)
        {
            StandardError.WriteLine("brokenpipe: NoConnection: no connection was selected; no file was written");
            return Failed;
        }

        foreach (CaptureProblem problem in export.Complete(path => Open(request, path, cancellation), cancellation).Where(problem => !problem.IsWarning))
        {
            exitCode = Failed;
            StandardError.WriteLine($"brokenpipe: {problem.Id}: {problem.Message}");
        }

        if (!export.IsWritten)
            return exitCode;
        StandardError.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{to}: {export.Count} {(export.Count == 1 ? "connection" : "connections")}"));
        return exitCode;
    }

    /// <summary>Opens a capture again: the packets that were kept of a live capture, or the file.</summary>
    private static ICaptureSource Open(CloseRequest request, string path, CancellationToken cancellation) =>
        request.Analyzer.Choices?.ReadAgain(path) ?? OpenFile(request, path, cancellation);

    private static ICaptureSource OpenFile(CloseRequest request, string path, CancellationToken cancellation) =>
        request.IsSeries ? new CaptureSeries([.. request.Files.SelectMany(FileNames.Expand)], file => CaptureFile.Open(file, cancellation)) : CaptureFile.Open(path, cancellation);
}
