using System.CommandLine;
using System.Net;
using System.Threading.Channels;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>brokenpipe serve BEHAVIOR: runs a misbehaving server until Ctrl+C; prints one line for every connection when it ends.</summary>
internal static class ServeCommand
{
    private const string Description = """
        Runs a server that misbehaves on purpose, and logs how each of its connections ended.

        brokenpipe serve ResetAfterRequest Refuse HttpJson --port 8080
        brokenpipe serve ForwardThenReset --upstream localhost:5432 --after-bytes 1000

        Ctrl+C ends it. The exit code is 1 if it could not be started, else 0.
        """;

    private const int Success = 0;
    private const int CouldNotListen = 1;

    /// <summary>
    /// The most ended connections that wait to be printed if the reader of the output is slow. Further ones are dropped, and their number is printed.
    /// </summary>
    private const int Unprinted = 100_000;

    public static Command Create()
    {
        Command command = new("serve", Description);
        ServeArguments arguments = new(command);
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output => result.GetValue(arguments.List)
            ? Task.FromResult(List(new ObjectWriter<ServerBehaviorSummary>(result.GetValue(arguments.Format), output, ServeShapes.Behavior)))
            : ServeAsync(command, () => arguments.OptionsOf(result), arguments.CertificateOutOf(result), new ObjectWriter<ServedConnection>(result.GetValue(arguments.Format), output, ServeShapes.Connection), cancellation)));
        return command;
    }

    private static int List(ObjectWriter<ServerBehaviorSummary> writer)
    {
        foreach (ServerBehaviorSummary behavior in ServerBehaviors.All)
            writer.Write(behavior);
        return Success;
    }

    private static async Task<int> ServeAsync(Command command, Func<BrokenPipeServerOptions> read, string? certificateOut, ObjectWriter<ServedConnection> writer, CancellationToken cancellation)
    {
        long lost = 0;
        Channel<ServedConnection> ended = Channel.CreateBounded<ServedConnection>(
            new BoundedChannelOptions(Unprinted) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref lost));
        try
        {
            BrokenPipeServerOptions options = read();
            using BrokenPipeServer server = BrokenPipeServer.Start(options with { ConnectionEnded = c => ended.Writer.TryWrite(c) });
            if (certificateOut is not null)
                CertificateOutput.Write(certificateOut, server.Certificate!);
            Announce(server, options);
            using CancellationTokenRegistration stopping = cancellation.Register(() =>
            {
                server.Stop();
                ended.Writer.TryComplete();
            });
            await PrintAsync(ended.Reader, writer).ConfigureAwait(false);
        }
        catch (ServerStartException e) when (e.Id == ServerProblemId.ServerOptionInvalid)
        {
            return UsageError.Report(command, e.Message);
        }
        catch (ServerStartException e)
        {
            StandardError.WriteLine($"brokenpipe: {e.Id}: {e.Message}");
            return CouldNotListen;
        }

        if (lost > 0)
            StandardError.WriteLine($"brokenpipe: {lost} connections were not printed: the output was too slow");
        return Success;
    }

    private static void Announce(BrokenPipeServer server, BrokenPipeServerOptions options)
    {
        if (server.Address is not null && !IPAddress.IsLoopback(options.Address))
            StandardError.WriteLine($"brokenpipe: warning: {options.Address} is not a loopback address: every host that reaches this machine can connect");
        if (server.Capacity < options.MaxConnections)
            StandardError.WriteLine($"brokenpipe: warning: at most {server.Capacity} connections are open at the same time: the limit on file descriptors permits no more (ulimit -n)");
        if (options.Probability is not null && options.Seed is null)
            StandardError.WriteLine($"brokenpipe: --seed {server.Seed} repeats this run");
        StandardError.WriteLine($"{server}  (Ctrl+C ends it)");
    }

    /// <summary>Prints connections until no more can end, or until the reader of the output has closed it, which ends the server.</summary>
    private static async Task PrintAsync(ChannelReader<ServedConnection> ended, ObjectWriter<ServedConnection> writer)
    {
        writer.Begin();
        await foreach (ServedConnection connection in ended.ReadAllAsync().ConfigureAwait(false))
            writer.Write(connection);
    }
}
