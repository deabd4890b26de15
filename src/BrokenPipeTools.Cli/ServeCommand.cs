using System.CommandLine;
using System.Net;
using System.Threading.Channels;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe serve BEHAVIOUR</c>: a misbehaving server, until Ctrl+C; a line for every connection as it ends.</summary>
internal static class ServeCommand
{
    private const int Success = 0;
    private const int CouldNotListen = 1;
    private const int WrongUsage = 2;

    /// <summary>Connections that have ended and are not printed yet, where the reader of our output is slow. Beyond that some are lost, and counted.</summary>
    private const int Unprinted = 100_000;

    public static Command Create()
    {
        Command command = new("serve", "Runs a server that misbehaves on purpose, and says how each of its connections ended.");
        ServeArguments arguments = new(command);
        command.SetAction((result, cancellation) => Task.Run(
            () => result.GetValue(arguments.List) ? List(result.GetValue(arguments.Format)) : ServeAsync(arguments.OptionsOf(result), result.GetValue(arguments.Format), cancellation),
            CancellationToken.None));
        return command;
    }

    private static Task<int> List(OutputFormat format)
    {
        using StreamWriter output = new(Console.OpenStandardOutput());
        RowWriter<ServerBehaviorSummary> writer = new(format, output, ServedConnectionColumns.Behaviors);
        writer.Begin();
        foreach (ServerBehaviorSummary behavior in ServerBehaviors.All)
            writer.Write(behavior);
        return Task.FromResult(Success);
    }

    private static async Task<int> ServeAsync(FaultServerOptions options, OutputFormat format, CancellationToken cancellation)
    {
        long lost = 0;
        Channel<ServedConnection> ended = Channel.CreateBounded<ServedConnection>(
            new BoundedChannelOptions(Unprinted) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref lost));
        try
        {
            using FaultServer server = FaultServer.Start(options with { ConnectionEnded = c => ended.Writer.TryWrite(c) });
            Announce(server, options);
            using CancellationTokenRegistration stopping = cancellation.Register(() =>
            {
                server.Stop();
                ended.Writer.TryComplete();
            });
            await PrintAsync(ended.Reader, format).ConfigureAwait(false);
        }
        catch (ServerStartException e)
        {
            await Console.Error.WriteLineAsync($"brokenpipe: {e.Id}: {e.Message}").ConfigureAwait(false);
            return e.Id == ServerProblemId.ServerOptionInvalid ? WrongUsage : CouldNotListen;
        }

        if (lost > 0)
            await Console.Error.WriteLineAsync($"brokenpipe: {lost} connections were not printed: the output was too slow").ConfigureAwait(false);
        return Success;
    }

    private static void Announce(FaultServer server, FaultServerOptions options)
    {
        if (server.Address is not null && !IPAddress.IsLoopback(options.Address))
            Console.Error.WriteLine($"brokenpipe: warning: {options.Address} is no loopback address: whoever reaches this machine can connect");
        Console.Error.WriteLine($"{server}  (Ctrl+C ends it)");
    }

    /// <summary>Where the reader of the output goes away, .NET drops what is written: the server goes on, as it would without a log.</summary>
    private static async Task PrintAsync(ChannelReader<ServedConnection> ended, OutputFormat format)
    {
        using StreamWriter output = new(Console.OpenStandardOutput());
        RowWriter<ServedConnection> writer = new(format, output, ServedConnectionColumns.All);
        writer.Begin();
        output.Flush();
        while (await ended.WaitToReadAsync().ConfigureAwait(false))
        {
            while (ended.TryRead(out ServedConnection? connection))
                writer.Write(connection);
            output.Flush();
        }
    }
}
