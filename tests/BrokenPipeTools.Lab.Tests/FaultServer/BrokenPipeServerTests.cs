using System.Net;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The effect of each behavior on a client's calls, errno by errno, and its log entry. The errnos are those of Linux.</summary>
public sealed class BrokenPipeServerTests
{
    private const string Upload = "POST /up HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\nbeginning of the body";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Loopbacks => ["127.0.0.1", "::1"];

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Reset_on_accept_gives_ECONNRESET_then_EPIPE(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.ResetOnAccept, address);
        using TestClient client = new(server);
        Assert.Equal(["ECONNRESET", "EPIPE"], [client.Read(), client.Write("x")]);
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ResetByServer, 0L, 0L, 0, ""), (served.Ending, served.BytesReceived, served.BytesSent, served.Requests, served.RequestLine));
        Assert.Equal((address, client.LocalPort, address, server.Port), (served.RemoteAddress, served.RemotePort, served.LocalAddress, served.LocalPort));
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Reset_after_request_gives_ECONNRESET_then_EPIPE(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.ResetAfterRequest, address);
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        Assert.Equal(["ECONNRESET", "EPIPE"], [client.Read(), client.Write("x")]);
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ResetByServer, (long)TestClient.Get.Length, 1, "GET /x HTTP/1.1"), (served.Ending, served.BytesReceived, served.Requests, served.RequestLine));
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Close_on_accept_gives_EOF_and_the_second_write_EPIPE(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseOnAccept, address);
        using TestClient client = new(server);
        Assert.Equal("0", client.Read());
        Assert.Equal("1", client.Write("x"));
        AwaitReset(client);
        Assert.Equal(["EPIPE", "0"], [client.Write("x"), client.Read()]);
        Assert.Equal(ServedEnding.ClosedByServer, Served(server).Ending);
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Close_after_request_gives_EOF_without_an_answer(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseAfterRequest, address);
        using TestClient client = new(server);
        client.Write("no HTTP at all\n");
        Assert.Equal(("", "EOF"), client.ReadToEnd());
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ClosedByServer, 1, "no HTTP at all"), (served.Ending, served.Requests, served.RequestLine));
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Close_with_unread_data_resets_and_has_read_nothing(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseWithUnreadData, address);
        using TestClient client = new(server);
        client.Write("hello");
        Assert.Equal(["ECONNRESET", "0", "EPIPE"], [client.Read(), client.Read(), client.Write("x")]);
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ResetByServer, 0L), (served.Ending, served.BytesReceived));
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Random_bytes_are_seven_then_EOF_after_any_request(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.RandomBytes, address);
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        (string text, string end) = client.ReadToEnd();
        Assert.Equal((7, "EOF"), (text.Length, end));
        client.Dispose();
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ClosedByServer, 7L), (served.Ending, served.BytesSent));
    }

    [Fact]
    public void Random_bytes_of_a_seed_are_the_same_in_every_run_and_differ_by_connection()
    {
        string[] Run()
        {
            using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.RandomBytes, Seed = 42 });
            return [.. Enumerable.Range(0, 3).Select(_ =>
            {
                using TestClient client = new(server);
                return client.ReadToEnd().Text;
            })];
        }

        string[] first = Run();
        Assert.Equal(first, Run());
        Assert.Equal(3, first.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Never_answer_reads_until_the_client_closes(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.NeverAnswer, address);
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        Assert.True(SpinWait.SpinUntil(() => server.Connections is [{ BytesReceived: > 0 }], MaxWait));
        Assert.False(client.Socket.Poll(TimeSpan.FromMilliseconds(100), System.Net.Sockets.SelectMode.SelectRead));
        ServedConnection open = Assert.Single(server.Connections);
        Assert.Equal((ServedEnding.Open, 1), (open.Ending, server.Open));
        client.Dispose();
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ClosedByClient, 0L, (long)TestClient.Get.Length), (served.Ending, served.BytesSent, served.BytesReceived));
        Assert.Equal(0, server.Open);
    }

    [Theory]
    [InlineData("127.0.0.1", false, "EOF", ServedEnding.ClosedByServer)]
    [InlineData("::1", true, "ECONNRESET", ServedEnding.ResetByServer)]
    public void Idle_timeout_answers_then_closes_after_the_silence(string address, bool abort, string end, ServedEnding ending)
    {
        TimeSpan timeout = TimeSpan.FromMilliseconds(300);
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.IdleTimeout, Address = IPAddress.Parse(address), IdleTimeout = timeout, Abort = abort });
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        (string text, string actualEnd) = client.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: keep-alive\r\n", text, StringComparison.Ordinal); // the answer announces more than the server does
        Assert.Equal(end, actualEnd);
        ServedConnection served = Served(server);
        Assert.Equal((ending, 1), (served.Ending, served.Requests));
        Assert.True(served.Duration >= timeout.TotalSeconds - 0.02);
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Half_close_gives_EOF_and_still_reads(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.HalfClose, address);
        using TestClient client = new(server);
        client.Write("request");
        Assert.Equal("0", client.Read());
        for (int i = 0; i < 20; i++)
            Assert.Equal("1000", client.Write(new string('x', 1000))); // acknowledged, not answered with RST
        client.Dispose();
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ClosedByServer, 20_007L), (served.Ending, served.BytesReceived));
    }

    [Theory]
    [InlineData("127.0.0.1", false, "EOF", ServedEnding.ClosedByServer)]
    [InlineData("::1", true, "ECONNRESET", ServedEnding.ResetByServer)]
    public void Truncated_body_is_shorter_than_its_length(string address, bool abort, string end, ServedEnding ending)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.TruncatedBody, Address = IPAddress.Parse(address), Abort = abort });
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        (string text, string actualEnd) = client.ReadToEnd();
        Assert.Contains("\r\nContent-Length: 10000\r\n", text, StringComparison.Ordinal);
        Assert.InRange(text.Length - text.IndexOf("\r\n\r\n", StringComparison.Ordinal), 10, 9_000);
        Assert.Equal((end, ending), (actualEnd, Served(server).Ending));
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Early_response_answers_413_and_resets_the_upload(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.EarlyResponse, address);
        using TestClient client = new(server);
        client.Write(Upload);
        (string text, string end) = client.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 413 Content Too Large\r\n", text, StringComparison.Ordinal);
        Assert.Equal(["ECONNRESET", "EPIPE"], [end, client.Write("more of the body")]);
        ServedConnection served = Served(server);
        int head = Upload.IndexOf("beginning", StringComparison.Ordinal);
        Assert.Equal((ServedEnding.ResetByServer, (long)head, 1), (served.Ending, served.BytesReceived, served.Requests));
    }

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Slow_response_comes_a_byte_at_a_time(string address)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.SlowResponse, Address = IPAddress.Parse(address), Interval = TimeSpan.FromMilliseconds(1) });
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        (string text, string end) = client.ReadToEnd();
        Assert.EndsWith("</html>\n", text, StringComparison.Ordinal);
        ServedConnection served = Served(server);
        Assert.Equal(("EOF", ServedEnding.ClosedByServer, (long)text.Length), (end, served.Ending, served.BytesSent));
        Assert.True(served.Duration >= (text.Length - 1) / 1000.0);
    }

    [Fact]
    public void Slow_response_notices_immediately_that_the_client_has_given_up()
    {
        using BrokenPipeServer server = Start(ServerBehavior.SlowResponse, "127.0.0.1"); // 30 s between two bytes
        using TestClient client = new(server);
        client.Write(TestClient.Get);
        Assert.Equal("1", client.Read());
        client.Dispose();
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ClosedByClient, 1L), (served.Ending, served.BytesSent));
    }

    [Fact]
    public void Max_requests_closes_after_so_many_answers_that_promised_more()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.MaxRequests, MaxRequests = 2 });
        using TestClient client = new(server);
        client.Write(TestClient.Get + TestClient.Get);
        (string text, string end) = client.ReadToEnd();
        Assert.Equal(3, text.Split("\r\nConnection: keep-alive\r\n").Length);
        Assert.Equal(("EOF", ServedEnding.ClosedByServer, 2), (end, Served(server).Ending, Served(server).Requests));
    }

    [Fact]
    public void A_client_that_resets_differs_from_one_that_closes()
    {
        using BrokenPipeServer server = Start(ServerBehavior.NeverAnswer, "127.0.0.1");
        TestClient client = new(server);
        client.Write("x");
        client.Reset();
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ResetByClient, "ECONNRESET"), (served.Ending, served.Error));
    }

    [Fact]
    public void Unix_sink_logs_the_received_text_and_leaves_no_file()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.UnixSink });
        string path = server.EndPoint;
        Assert.True(File.Exists(path));
        Assert.Equal((null, null, 0), (server.Uri, server.Address, server.Port));
        using (TestClient client = new(server))
            client.Write("first line\nsecond \u001b[31mline\n");
        ServedConnection served = Served(server);
        Assert.Equal((ServedEnding.ClosedByClient, "first line\nsecond .[31mline\n", path), (served.Ending, served.RequestLine, served.LocalAddress));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        server.Stop();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void The_request_line_is_safe_to_print_and_bounded()
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseAfterRequest, "127.0.0.1");
        using TestClient client = new(server);
        client.Write("\r\n\u001b]0;title\u0007" + new string('x', 500) + "\nsecond");
        client.ReadToEnd();
        string line = Served(server).RequestLine;
        Assert.Equal(200, line.Length);
        Assert.StartsWith(".]0;title.xxx", line, StringComparison.Ordinal);
    }

    private static BrokenPipeServer Start(ServerBehavior behavior, string address) =>
        BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Address = IPAddress.Parse(address) });

    private static ServedConnection Served(BrokenPipeServer server)
    {
        Assert.True(server.WaitForEnded(1, MaxWait), "the connection has not ended");
        return Assert.Single(server.Connections);
    }

    /// <summary>Waits, after a write to a peer that has closed, until the peer's RST has arrived. On Linux, poll then returns POLLERR.</summary>
    private static void AwaitReset(TestClient client) =>
        Assert.True(SpinWait.SpinUntil(() => client.Socket.Poll(0, System.Net.Sockets.SelectMode.SelectError), MaxWait));
}
