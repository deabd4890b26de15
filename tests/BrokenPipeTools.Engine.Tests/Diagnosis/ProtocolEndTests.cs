using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Connections that TCP ends in order, and the protocol above it does not: the record must not call that complete.</summary>
public sealed class ProtocolEndTests
{
    private const string Handshake = "C:SYN\nS:SYN-ACK\nC:ACK\n";
    private const string ServerCloses = "S:FIN\nC:ACK\nC:FIN\nS:ACK";
    private const string ClientCloses = "C:FIN\nS:ACK\nS:FIN\nC:ACK";
    private const string CloseFrame = "880203e9";
    private static readonly string Upgraded = $"{Handshake}{Text('C', "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n")}\n{Text('S', "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n")}\n";

    [Theory]
    [InlineData(ServerCloses)]
    [InlineData(ClientCloses)]
    public void A_WebSocket_without_a_Close_frame_is_not_certainly_normal(string end)
    {
        ConnectionClose record = PacketScript.One($"{Upgraded}S:DATA(7)\nC:ACK\n{end}");
        Assert.Equal((Cause.NormalClose, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.Contains("The connection is a WebSocket (frame 5), and no segment with a Close frame came before the FIN", record.Explanation, StringComparison.Ordinal);
        Assert.Single(record.Alternatives, a => a.Cause == Cause.Undetermined);
    }

    [Theory]
    [InlineData("S:DATA hex=" + CloseFrame + "\nC:DATA hex=88820102030402eb")]
    [InlineData("C:DATA hex=88820102030402eb")]
    public void A_WebSocket_with_a_Close_frame_of_either_side_is_normal(string close)
    {
        ConnectionClose record = PacketScript.One($"{Upgraded}S:DATA(7)\n{close}\n{ServerCloses}");
        Assert.Equal(Confidence.High, record.Confidence);
        Assert.DoesNotContain("WebSocket (", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A closing message of the client needs no answer if it came before the server's FIN; one that answers the FIN proves nothing.</summary>
    [Fact]
    public void A_closing_message_after_the_servers_FIN_does_not_answer_the_request()
    {
        const string Alert = "150303001a" + "0000000000000000000000000000000000000000000000000000";
        ConnectionClose record = Run($"S:DATA(300)\nC:DATA(74)\nS:ACK\nS:FIN\nC:ACK\nC:DATA hex={Alert}\nC:FIN\nS:ACK");
        Assert.Equal(Confidence.Medium, record.Confidence);
        Assert.Contains("The client's last payload got no answer.", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_upgrade_needs_no_Close_frame() => Assert.Equal(
        Confidence.High,
        PacketScript.One($"{Handshake}C:DATA(50)\n{Text('S', "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")}\nS:DATA(7)\nC:ACK\n{ServerCloses}").Confidence);

    [Fact]
    public void The_GOAWAY_with_an_error_is_the_reason_also_if_one_without_an_error_follows()
    {
        const string Calm = "000008070000000000" + "00000001" + "0000000b";
        const string Orderly = "000008070000000000" + "00000001" + "00000000";
        Assert.Equal("HTTP/2 GOAWAY ENHANCE_YOUR_CALM", Run($"S:DATA hex={Calm}\nC:ACK\nS:DATA hex={Orderly}\nC:ACK\n{ServerCloses}").ServerCloseReason);
        Assert.Equal("HTTP/2 GOAWAY ENHANCE_YOUR_CALM", Run($"S:DATA hex={Orderly}\nC:ACK\nS:DATA hex={Calm}\nC:ACK\n{ServerCloses}").ServerCloseReason);
        Assert.Equal("HTTP/2 GOAWAY NO_ERROR", Run($"S:DATA hex={Orderly}\nC:ACK\n{ServerCloses}").ServerCloseReason);
    }

    /// <summary>gRPC states its idle limit in the debug data: grpc-go with NO_ERROR, gRPC Core with INTERNAL_ERROR. Another GOAWAY may follow.</summary>
    [Theory]
    [InlineData("000012070000000000" + "00000001" + "00000002" + "656e7465722069646c65", "HTTP/2 GOAWAY INTERNAL_ERROR timeout")] // enter idle
    [InlineData("000010070000000000" + "00000001" + "00000000" + "6d61785f69646c65", "HTTP/2 GOAWAY NO_ERROR timeout")] // max_idle
    public void The_idle_limit_of_gRPC_is_stated_in_the_debug_data(string limit, string reason)
    {
        const string Orderly = "000008070000000000" + "00000001" + "00000000";
        foreach (string rest in (string[])["", $"S:DATA hex={Orderly}\nC:ACK\n"])
        {
            ConnectionClose record = Run($"C:DATA(30)\nS:DATA(30)\nC:ACK\n+4 S:DATA hex={limit}\nC:ACK\n{rest}{ServerCloses}");
            Assert.Equal((Cause.IdleTimeout, Confidence.High, reason), (record.Cause, record.Confidence, record.ServerCloseReason));
            Assert.DoesNotContain("violation", record.Advice, StringComparison.Ordinal);
        }
    }

    /// <summary>nginx sends GOAWAY with PROTOCOL_ERROR to a client that has sent nothing in client_header_timeout.</summary>
    [Theory]
    [InlineData("", Cause.IdleTimeout, false)]
    [InlineData("C:DATA(24)\nS:ACK\n", Cause.NormalClose, true)]
    public void A_client_that_sent_nothing_violated_no_protocol(string begin, Cause cause, bool isViolation)
    {
        const string Violation = "000008070000000000" + "00000001" + "00000001";
        ConnectionClose record = PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{begin}+2 S:DATA hex={Violation}\nC:ACK\n{ServerCloses}");
        Assert.Equal((cause, "HTTP/2 GOAWAY PROTOCOL_ERROR"), (record.Cause, record.ServerCloseReason));
        Assert.Equal(isViolation, record.Advice.Contains("violation", StringComparison.Ordinal));
    }

    /// <summary>A server that was killed in the middle of a TLS session sends FIN; the client answers with its close_notify, which meets no socket.</summary>
    [Fact]
    public void A_server_that_closes_TLS_without_close_notify_may_have_crashed()
    {
        const string NoSocket = "S:FIN\nC:DATA(24) tls=data\nS:RST";
        ConnectionClose cut = Run($"S:DATA(300) tls=data\nC:ACK\n{NoSocket}");
        Assert.Equal((Cause.NormalClose, Confidence.Medium), (cut.Cause, cut.Confidence));
        Assert.Contains("had sent no TLS close_notify before that", cut.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("benign", cut.Explanation, StringComparison.Ordinal);
        Assert.Contains(cut.Alternatives, a => a.Cause == Cause.Undetermined && a.Why.Contains("the server may have crashed", StringComparison.Ordinal));

        ConnectionClose unanswered = Run($"S:DATA(300) tls=data\nC:DATA(200) tls=data\nS:ACK\n{NoSocket}");
        Assert.Contains("The client's last payload got no answer.", unanswered.Explanation, StringComparison.Ordinal);

        ConnectionClose inOrder = Run($"S:DATA(300) tls=data\nC:ACK\nS:DATA(24) tls=data\n{NoSocket}");
        Assert.Contains("benign", inOrder.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "HTTP 500 Internal Server Error", false)]
    [InlineData(502, "HTTP 502 Bad Gateway", true)]
    [InlineData(504, "HTTP 504 Gateway Timeout", true)]
    public void An_error_of_the_server_in_the_last_response_is_named_also_if_the_connection_stays_usable(int status, string text, bool hasAdvice)
    {
        ConnectionClose record = Run($"{Text('S', $"HTTP/1.1 {status} x\r\nContent-Length: 5\r\n\r\nerror")}\nC:ACK\n+1.5 {ClientCloses}");
        Assert.Equal((Cause.NormalClose, Confidence.High), (record.Cause, record.Confidence));
        Assert.Contains($"The server's last response was {text} (frame 5).", record.Explanation, StringComparison.Ordinal);
        Assert.Null(record.ServerCloseReason);
        Assert.Equal(hasAdvice, record.Advice.Length > 0);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(200)]
    public void Other_responses_are_not_named(int status) => Assert.DoesNotContain(
        "last response",
        Run($"{Text('S', $"HTTP/1.1 {status} x\r\nContent-Length: 5\r\n\r\nerror")}\nC:ACK\n+1.5 {ClientCloses}").Explanation,
        StringComparison.Ordinal);

    /// <summary>A stated reason is exact: neither a product with an equal default nor chance is then another explanation.</summary>
    [Fact]
    public void A_stated_time_out_needs_no_other_explanation()
    {
        ConnectionClose record = Run($"+2 {Text('S', "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")}\nC:ACK\n{ServerCloses}");
        Assert.Equal((Cause.IdleTimeout, Confidence.High), (record.Cause, record.Confidence));
        Assert.DoesNotContain("consistent with", record.Explanation, StringComparison.Ordinal);
        Assert.Empty(record.Alternatives);
    }

    private static ConnectionClose Run(string rest) => PacketScript.One($"{Handshake}C:DATA(50)\n{rest}");

    private static string Text(char side, string text) => $"{side}:DATA hex={Convert.ToHexString(Encoding.ASCII.GetBytes(text))}";
}
