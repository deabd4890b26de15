using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>Clients that do not read: the fault is still applied, and the log counts exactly the bytes that were written.</summary>
public sealed class StalledClientTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(ForwardSide.Client)]
    [InlineData(ForwardSide.Both)]
    public void The_limit_is_not_reached_while_allowed_bytes_are_on_their_way(ForwardSide toward)
    {
        ForwardLimit limit = new(new BrokenPipeServerOptions { AfterBytes = 100, Toward = toward }, applies: true, () => { });
        Assert.Equal(100, limit.Allow(ForwardSide.Client, new byte[300]));
        int other = limit.Allow(ForwardSide.Upstream, new byte[5]);
        Assert.Equal(toward == ForwardSide.Both ? 0 : 5, other);
        limit.CountPassed(ForwardSide.Upstream, other);
        Assert.False(limit.Reached.IsCompleted);
        limit.CountPassed(ForwardSide.Client, 100);
        Assert.True(limit.Reached.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BytesSent_counts_the_written_bytes_although_a_write_was_in_progress(bool stops)
    {
        using Forwarded ends = new(stops ? ServerBehavior.Forward : ServerBehavior.ForwardThenClose, options => stops ? options : options with { AfterTime = TimeSpan.FromSeconds(1) });
        Fill(ends);
        if (stops)
            ends.Server.Stop();
        ServedConnection served = ends.Ended();
        Assert.Equal(stops ? ServedEnding.Stopped : ServedEnding.ClosedByServer, served.Ending);
        Assert.Equal(Drain(ends.Client), served.BytesSent);
    }

    [Theory]
    [InlineData(ServerBehavior.TruncatedBody)]
    [InlineData(ServerBehavior.SlowResponse)]
    public void A_promised_FIN_is_sent_although_the_client_has_sent_more(ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Interval = TimeSpan.Zero });
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000 };
        client.Connect(server.Address!, server.Port);
        byte[] requests = [.. Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), 2000).SelectMany(one => one)];
        client.Send(requests); // more than one read takes
        byte[] buffer = new byte[4096];
        while (client.Receive(buffer) > 0) // a RST would throw
        {
        }

        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal(ServedEnding.ClosedByServer, Assert.Single(server.Connections).Ending);
    }

    /// <summary>Sends until no more data is accepted.</summary>
    internal static void Fill(Forwarded ends)
    {
        ends.Upstream.SendTimeout = 500;
        byte[] chunk = new byte[100_000];
        try
        {
            while (true)
                ends.Upstream.Send(chunk);
        }
        catch (SocketException e)
        {
            Assert.Contains(SocketErrors.Name(e), new[] { "ETIMEDOUT", "EAGAIN", "EPIPE", "ECONNRESET" });
        }
    }

    private static long Drain(Socket socket)
    {
        byte[] buffer = new byte[1 << 16];
        long all = 0;
        for (int count; (count = socket.Receive(buffer)) > 0;)
            all += count;
        return all;
    }
}
