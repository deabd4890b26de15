using System.CommandLine;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;

namespace BrokenPipeTools.Cli.Commands;

/// <summary><c>brokenpipe close FILE…</c> and <c>brokenpipe close -i INTERFACE</c>: one record per TCP connection of the captures, or of a live capture.</summary>
internal static class CloseCommand
{
    private const string Description = """
        Shows how every TCP connection closed: from captures, or live from an interface.

        brokenpipe close --format list ticket.pcap
        brokenpipe close --cause '*Reset' --port 5432 *.pcap*
        brokenpipe close -i eth0 --filter 'tcp port 443'
        tcpdump -U -w - tcp port 443 | brokenpipe close -

        The exit code is 1 if an input could not be read to its end; 130 after Ctrl+C while files are read; else 0, also if Ctrl+C ends a capture (-i).
        """;

    public static Command Create()
    {
        CloseOptions options = new();
        Command command = options.AddTo(new Command("close", Description));

        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            CloseRequest request = options.Read(result);
            return RecordRun.Start(request, RecordWriter.Create(request.Format, output), cancellation);
        }));
        return command;
    }
}
