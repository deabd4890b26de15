using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using BrokenPipeTools.Sockets;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>
/// A probe that does not run when the peer closes reads the end late. The time-out that it reports is nevertheless that of the peer: an idle limit that
/// follows from a longer one would cause broken pipes.
/// </summary>
public sealed class StalledProbeTests
{
    private const int Stop = 19; // SIGSTOP
    private const int Continue = 18; // SIGCONT

    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(3);

    [LinuxFact]
    public void The_time_of_a_FIN_that_came_while_the_probe_was_stopped_is_that_of_its_arrival()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        string port = ((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        using ChildProgram probe = ChildProgram.Start(Brokenpipe.With("teardown", "127.0.0.1", port, "--payload", "hello", "-f", "json"));
        Task<string> output = probe.StandardOutput.ReadToEndAsync();
        Socket accepted = listener.Accept();
        accepted.Receive(new byte[9]);
        long answered = Stopwatch.GetTimestamp();
        accepted.Send("answer"u8);
        Thread.Sleep(500); // the probe reads the answer
        probe.Signal(Stop);
        ProcessGate.Close(accepted);
        TimeSpan closed = Stopwatch.GetElapsedTime(answered);
        Thread.Sleep(Stalled);
        probe.Signal(Continue);
        JsonElement test = JsonDocument.Parse(output.GetAwaiter().GetResult()).RootElement;
        Assert.Equal("Fin", test.GetProperty("Mechanism").GetString());
        Assert.InRange(test.GetProperty("ClosedAfter").GetDouble(), 0, (closed + (Stalled / 2)).TotalSeconds);
    }
}
