using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Runs the code of a probe once before the first probe. .NET compiles code at its first use, and the first probe of a process would count that time
/// as the peer's (about 40 ms of a connect, and 15 ms of a RST). The calls are made on sockets that are not connected, so nothing is sent. Code that
/// runs only if connect waits for an answer is still compiled later: about 10 ms of the first ConnectTime, and 4 ms of a RST right after it.
/// </summary>
internal static class Warmup
{
    private static readonly Lazy<Task<IReadOnlyList<SocketStep>>> Once = new(RunAsync);

    /// <summary>Completes when the warm-up of this process has run.</summary>
    public static Task CompletedAsync() => Once.Value;

    /// <summary>Makes the calls of a probe once.</summary>
    /// <returns>The calls and their results; fewer if this machine has no IPv4.</returns>
    public static async Task<IReadOnlyList<SocketStep>> RunAsync()
    {
        SocketTrace trace = new();
        TeardownOptions options = new();
        TeardownObservation seen = new() { Probe = TeardownProbeKind.PeerClose };
        ProbeDialer dialer = new(options, trace, seen);
        try
        {
            // connect on a UDP socket sends no packet, so there is no answer.
            using AsyncTracedSocket silent = new(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), trace);
            await dialer.ConnectAsync(silent, new IPEndPoint(IPAddress.Loopback, 9), CancellationToken.None).ConfigureAwait(false);
            await Over(silent).AwaitCloseAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // no IPv4, or no descriptor left: the first probe will be late, or fail with that error
        }

        using AsyncTracedSocket? unconnected = dialer.Open(AddressFamily.InterNetwork, out _);
        if (unconnected is not null)
        {
            ProbeConnection connection = Over(unconnected);
            await ProbeAction.For(TeardownProbeKind.PeerClose).RunAsync(connection, CancellationToken.None).ConfigureAwait(false);
            await connection.AwaitResetAsync(0, new CancellationToken(canceled: true)).ConfigureAwait(false);
        }

        return trace.Steps;

        ProbeConnection Over(AsyncTracedSocket socket) =>
            new(new PlainChannel(socket), options, ProbeConnection.LeastPayload, seen, static _ => Task.FromResult("ok"));
    }
}
