using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Sockets;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>A forwarding server in front of real servers. Each kind of fault is checked in the client's calls, in the log and in the packets.</summary>
public sealed class ForwardRealServerTests(UpstreamServers servers) : IClassFixture<UpstreamServers>
{
    private const int Bytes = 30;
    private const string Silent = "silence";

    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(300);

    /// <summary>The time without an answer, after the fault, from which no answer is expected any more.</summary>
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static TheoryData<string, ServerBehavior, string, ForwardSide> Every
    {
        get
        {
            TheoryData<string, ServerBehavior, string, ForwardSide> data = [];
            foreach (string server in new[] { "nginx", "Redis", "PostgreSQL" })
            {
                foreach (ServerBehavior behavior in new[] { ServerBehavior.ForwardThenClose, ServerBehavior.ForwardThenReset, ServerBehavior.ForwardThenSilence })
                {
                    foreach (string limit in new[] { "bytes", "requests", "time" })
                    {
                        data.Add(server, behavior, limit, ForwardSide.Client);
                        data.Add(server, behavior, limit, ForwardSide.Upstream);
                    }
                }
            }

            return data;
        }
    }

    [LiveTheory]
    [MemberData(nameof(Every))]
    public async Task The_forwarding_server_fails_as_configured(string server, ServerBehavior behavior, string limit, ForwardSide toward)
    {
        if (ObstacleOf(server) is not null)
            return; // RealServerTests is skipped with the reason
        int upstream = servers.PortOf(server);
        BrokenPipeServerOptions options = new()
        {
            Behavior = behavior,
            Upstream = $"127.0.0.1:{upstream}",
            Toward = toward,
            AfterBytes = limit == "bytes" ? Bytes : null,
            AfterRequests = limit == "requests" ? 2 : null,
            AfterTime = limit == "time" ? Time : null,
        };
        using BrokenPipeServer proxy = BrokenPipeServer.Start(options);
        using ILiveCapture live = CaptureLibrary.Instance.Open(new LiveCaptureOptions { InterfaceName = CaptureLibrary.Instance.GetInterfaces().First(i => i.IsLoopback).Name, Filter = $"tcp port {proxy.Port}" });
        List<TeardownFrame> frames = [];
        Task reading = Task.Run(() =>
        {
            while (live.TryRead(out Frame frame))
                frames.Add(new TeardownFrame(frame.Time, frame.LinkType, frame.OriginalLength, frame.Data.ToArray()));
        });

        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
        client.Connect(IPAddress.Loopback, proxy.Port);
        (string end, int requests, int received) = Play(proxy, client, UpstreamServers.RequestsTo(server), behavior == ServerBehavior.ForwardThenSilence ? ShortestSilence : MaxWait);
        bool resetsClient = behavior == ServerBehavior.ForwardThenReset && toward == ForwardSide.Client;
        Assert.Equal(behavior == ServerBehavior.ForwardThenSilence ? Silent : resetsClient ? "ECONNRESET" : "EOF", end);
        Assert.Equal(resetsClient ? "EPIPE" : "ok", Write(client)); // a broken pipe, because the read has already returned the error
        ProcessGate.Close(client); // a program that is started at this moment would delay the FIN

        if (behavior == ServerBehavior.ForwardThenSilence)
            proxy.Stop(); // the upstream server did not get the client's FIN, and may wait for a long time
        Assert.True(proxy.WaitForEnded(1, MaxWait));
        ServedConnection served = Assert.Single(proxy.Connections);
        string how = behavior switch { ServerBehavior.ForwardThenClose => "FIN", ServerBehavior.ForwardThenReset => "RST", _ => Silent };
        string until = limit switch { "bytes" => $"{Bytes} bytes", "requests" => "2 requests", _ => "0.3 s" };
        Assert.Equal($"{how} to {(toward == ForwardSide.Client ? "the client" : "the upstream server")} after {until}", served.Fault);
        if (limit == "requests")
            Assert.Equal(3, requests);
        if (limit == "bytes" && toward == ForwardSide.Client)
            Assert.Equal((Bytes, (long)Bytes), (received, served.BytesSent));

        await Task.Delay(100); // time for the last acknowledgments
        live.Stop();
        await reading.WaitAsync(MaxWait);
        ConnectionClose packets = Analyze.Bytes(TeardownCapture.ToPcapng(frames)).Single(c => c.ServerPort == proxy.Port);
        Assert.Equal(behavior == ServerBehavior.ForwardThenSilence ? ClosedBy.Client : ClosedBy.Server, packets.ClosedBy);
        if (resetsClient)
            Assert.Equal((CloseState.Reset, true, null), (packets.State, packets.ServerResetFrame is not null, packets.ServerFinFrame));
        else if (behavior != ServerBehavior.ForwardThenSilence)
            Assert.NotNull(packets.ServerFinFrame);
    }

    private static string? ObstacleOf(string server) => (server switch
    {
        "nginx" => ServerProgram.Nginx,
        "Redis" => ServerProgram.Redis,
        _ => ServerProgram.Postgres,
    }).Obstacle;

    /// <summary>Sends requests and reads their answers, until the connection ends or an answer does not come.</summary>
    private static (string End, int Requests, int Received) Play(BrokenPipeServer proxy, Socket client, byte[][] requests, TimeSpan maxWait)
    {
        long start = Stopwatch.GetTimestamp();
        int received = 0;
        byte[] buffer = new byte[65536];
        for (int asked = 1; ; asked++)
        {
            try
            {
                client.Send(requests[Math.Min(asked, requests.Length) - 1]);
                TimeSpan wait = maxWait;
                while (true)
                {
                    if (client.Poll(wait, SelectMode.SelectRead))
                    {
                        int count = client.Receive(buffer);
                        if (count == 0)
                            return ("EOF", asked, received);
                        received += count;
                        wait = TimeSpan.FromMilliseconds(40); // the rest of the answer
                    }
                    else if (wait != maxWait)
                    {
                        break;
                    }
                    else if (proxy.Connections.Any(connection => connection.Fault is not null) || Stopwatch.GetElapsedTime(start) > MaxWait)
                    {
                        return (Silent, asked, received); // before the fault, no answer only means that the machine is busy
                    }
                }
            }
            catch (SocketException e)
            {
                return (SocketErrors.Name(e), asked, received);
            }
        }
    }

    private static string Write(Socket client)
    {
        try
        {
            client.Send("x"u8);
            return "ok";
        }
        catch (SocketException e)
        {
            return SocketErrors.Name(e);
        }
    }
}
