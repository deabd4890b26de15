using System.CommandLine;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;

namespace BrokenPipeTools.Cli.Commands;

/// <summary><c>brokenpipe close FILE…</c> and <c>brokenpipe close -i INTERFACE</c>: one record per TCP connection of the captures, or of a live capture.</summary>
internal static class CloseCommand
{
    public static Command Create()
    {
        CloseOptions options = new();
        Command command = options.AddTo(new Command("close", "Shows how every TCP connection closed: from captures, or live from an interface."));

        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            CloseRequest request = options.Read(result);
            return RecordRun.Start(request, RecordWriter.Create(request.Format, output), cancellation);
        }));
        return command;
    }
}
