using System.CommandLine;
using System.IO.Enumeration;
using System.Net.NetworkInformation;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Cli.Commands;

/// <summary><c>brokenpipe sockets</c>: lists the open TCP sockets of this host, with the bytes in their buffers and the results of their next calls.</summary>
internal static class SocketsCommand
{
    private const string Description = """
        Lists open TCP sockets: their programs, their unread and unsent bytes, and the results of the next read and write (Linux).

        brokenpipe sockets --process-name nginx
        brokenpipe sockets --state CloseWait --format json

        The exit code is 1 if the sockets cannot be listed; 130 after Ctrl+C; else 0.
        """;

    private const int Success = 0;
    private const int Failed = 1;

    public static Command Create()
    {
        Option<string[]> names = new("--process-name") { Description = "only of processes of this name, * and ? allowed (may be given again)", HelpName = "NAME" };
        Option<int[]> ids = NumberOption.Several("--process-id", "PID", "only of this process (may be given again)", 1, int.MaxValue);
        Option<TcpState[]> states = EnumPattern.Create("--state", "only in this state, * and ? allowed (may be given again)", "state", [.. Enum.GetValues<TcpState>().Select(state => (state, state.ToString()))], Matching);
        Option<int[]> ports = NumberOption.Several("--port", "PORT", "only with this port, on either side (may be given again)", 0, ushort.MaxValue);
        Option<string?> place = new("--network-namespace") { Description = "sockets of another network namespace (as root): the id of a process in it, or a path such as /run/netns/blue", HelpName = "NAMESPACE" };
        Option<bool> verbose = new("--verbose", "-v") { Description = "report how many processes cannot be inspected" };
        Option<OutputFormat> format = FormatOption.Create();
        Command command = new("sockets", Description) { names, ids, states, ports, place, verbose, format };
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            string[] wanted = result.GetValue(names) ?? [];
            int[] processes = result.GetValue(ids) ?? [];
            TcpSocketSource source = new()
            {
                NetworkNamespace = result.GetValue(place),
                IsWanted = wanted.Length + processes.Length == 0 ? null : (id, name) => processes.Contains(id) || wanted.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name)),
                States = result.GetValue(states) ?? [],
                Ports = result.GetValue(ports) ?? [],
            };
            return Run(source, result.GetValue(format), result.GetValue(verbose), output, cancellation);
        }));
        return command;
    }

    private static int Run(TcpSocketSource source, OutputFormat format, bool isVerbose, Stream output, CancellationToken cancellation)
    {
        try
        {
            ObjectWriter<TcpSocket> writer = new(format, output, SocketShape.Shape);
            IReadOnlyList<TcpSocket> sockets = source.List(cancellation);
            writer.Begin();
            foreach (TcpSocket socket in sockets)
                writer.Write(socket);
            if (isVerbose && source.Hidden is { } hidden)
                StandardError.WriteLine($"brokenpipe: {hidden}");
            return Success;
        }
        catch (TcpSocketException e)
        {
            StandardError.WriteLine($"brokenpipe: {e.Id}: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Termination.Interrupted;
        }
    }

    private static TcpState[] Matching(string? pattern) => [.. Enum.GetValues<TcpState>().Where(state => FileSystemName.MatchesSimpleExpression(pattern, state.ToString()))];
}
