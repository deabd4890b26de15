using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The unencrypted reason that a side states before it closes, in the bytes of each protocol.</summary>
public class CloseReasonTests
{
    private const string Handshake = "C:SYN\nS:SYN-ACK\nC:ACK\n";
    private const string ServerCloses = "S:FIN\nC:ACK\nC:FIN\nS:ACK";

    public static TheoryData<string, string> Reasons { get; } = new()
    {
        { Text("HTTP/1.1 408 Request Time-out\r\nContent-Length: 0\r\n\r\n"), "HTTP 408 Request Timeout" },
        { Text("HTTP/1.0 413 Whatever the wire has\r\nconnection: Close\r\n\r\n<html>"), "HTTP 413 Content Too Large" },
        { Text("HTTP/1.1 503 \r\n\r\n"), "HTTP 503 Service Unavailable" },
        { Text("HTTP/1.1 599 Odd\r\n\r\n"), "HTTP 599" },
        { Text("HTTP/1.1 200 OK\r\nServer: x\r\nConnection: close\r\n\r\nhello"), "HTTP 200 OK, Connection: close" },
        { "000016070000000000" + "00000003" + "0000000b" + Text("too_many_pings"), "HTTP/2 GOAWAY ENHANCE_YOUR_CALM" },
        { "000004030000000001" + "00000000" + "000008070000000000" + "00000000" + "00000000", "HTTP/2 GOAWAY NO_ERROR" },
        { "000008070000000000" + "00000000" + "000000ff", "HTTP/2 GOAWAY error 0xff" },
        { "15030300020228", "TLS alert fatal handshake_failure (40)" },
        { "15030100020100", "TLS alert warning close_notify (0)" },
        { "1503030002022a" , "TLS alert fatal bad_certificate (42)" },
        { "140303000101" + "15030300020230", "TLS alert fatal unknown_ca (48)" },
        { "150303001a" + new string('a', 52), "TLS alert (encrypted)" },
        { PostgreSql("FATAL", "57P01", "terminating connection due to administrator command"), "PostgreSQL FATAL 57P01 admin_shutdown" },
        { PostgreSql("FATAL", "57P05", "terminating connection due to idle-session timeout"), "PostgreSQL FATAL 57P05 idle_session_timeout" },
        { PostgreSql("FATAL", "25P03", "x"), "PostgreSQL FATAL 25P03 idle_in_transaction_session_timeout" },
        { PostgreSql("FATAL", "53300", "sorry, too many clients already"), "PostgreSQL FATAL 53300 too_many_connections" },
        { PostgreSql("FATAL", "08P01", "client_idle_timeout"), "PostgreSQL FATAL 08P01 protocol_violation timeout" },
        { "540000000a000100000000" + PostgreSql("FATAL", "57P01", "terminating connection"), "PostgreSQL FATAL 57P01 admin_shutdown" }, // after RowDescription
        { "3100000004" + "3200000004" + PostgreSql("FATAL", "25P03", "x"), "PostgreSQL FATAL 25P03 idle_in_transaction_session_timeout" }, // after ParseComplete, BindComplete
        { "3200000004" + PostgreSql("PANIC", "53100", "x"), "PostgreSQL PANIC 53100 disk_full" },
        { Notice("57P02"), "PostgreSQL WARNING 57P02 crash_shutdown" },
        { "540000000a000100000000" + Notice("57P01"), "PostgreSQL WARNING 57P01 admin_shutdown" },
        { Text("-ERR max number of clients reached\r\n"), "Redis -ERR max number of clients reached" },
        { Text("-NOAUTH Authentication required.\r\n"), "Redis -NOAUTH authentication" },
        { Text("421 4.4.2 mx.example Error: timeout exceeded\r\n"), "reply 421 timeout" },
        { Text("421 Service not available\r\n"), "reply 421 service not available, closing" },
        { Text("500 5.5.2 Error: command not recognized\r\n421 4.7.0 mx.example Error: too many errors\r\n"), "reply 421 service not available, closing" },
        { Text("250 2.0.0 Ok\r\n421 4.4.2 mx.example Error: timeout exceeded\r\n"), "reply 421 timeout" },
        { Text("421-4.4.2 mx.example timeout\r\n421-for your session\r\n421 closing\r\n"), "reply 421 timeout" },
        { Text("554 5.7.1 access denied\r\n"), "reply 554 not allowed" },
        { Text("* BYE Autologout; idle for too long\r\n"), "IMAP BYE timeout" },
        { "17000000ff1004" + Text("Too many connections"), "MySQL 1040 too many connections" },
        { MySql(4031, "HY000", "The client was disconnected by the server because of inactivity."), "MySQL 4031 (HY000) disconnected because of inactivity" },
        { Text("Exceeded MaxStartups\r\n"), "SSH Exceeded MaxStartups" },
        { "880203e9", "WebSocket close 1001 going away" },
        { "88820102030402eb", "WebSocket close 1001 going away" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void The_reason_in_the_last_payload_before_the_FIN_is_named(string hex, string expected)
    {
        ConnectionClose record = Run(hex, ServerCloses);
        Assert.Equal(expected, record.ServerCloseReason);
        Assert.Null(record.ClientCloseReason);
        Assert.Equal(expected, PacketScript.One($"{Handshake}C:DATA(5)\nS:FIN hex={hex}\nC:ACK\nC:FIN\nS:ACK").ServerCloseReason);
        Assert.Equal(expected, PacketScript.One($"{Handshake}C:DATA(5)\nC:DATA hex={hex}\nS:ACK\nC:RST-ACK").ClientCloseReason);
        Assert.InRange(expected.Length, 1, 80);
    }

    /// <summary>Other notices do not end the connection, and an error that is not the last message, or not complete, proves nothing.</summary>
    [Fact]
    public void A_message_of_PostgreSQL_that_does_not_end_the_connection_is_not_a_reason()
    {
        Assert.Null(Run(Notice("01000"), ServerCloses).ServerCloseReason);
        Assert.Null(Run("540000000a000100000000" + PostgreSql("FATAL", "57P01", "x")[..^4] + "00000000", ServerCloses).ServerCloseReason);
        Assert.Null(Run("540000000a000100000000" + PostgreSql("FATAL", "57P01", "x") + "5a0000000549", ServerCloses).ServerCloseReason);
        Assert.Null(Run("32000000" + "0000", ServerCloses).ServerCloseReason);
    }

    [Theory]
    [InlineData(21, "FTP 421 timeout")]
    [InlineData(25, "SMTP 421 timeout")]
    public void The_port_names_the_protocol_of_a_reply(int port, string expected)
    {
        string script = $"{Handshake}C:DATA(5)\nS:DATA hex={Text("421 Timeout (300 seconds): closing control connection.\r\n")}\n{ServerCloses}";
        Assert.Equal(expected, PacketScript.One(script.Replace("\n", $" to={port}\n", StringComparison.Ordinal) + $" to={port}").ServerCloseReason);
    }

    [Fact]
    public void A_later_payload_removes_the_reason_but_the_body_of_a_response_does_not()
    {
        string reply = $"S:DATA hex={Text("421 later\r\n")}\nC:ACK\n";
        Assert.NotNull(PacketScript.One($"{Handshake}{reply}{ServerCloses}").ServerCloseReason);
        Assert.Null(PacketScript.One($"{Handshake}{reply}S:DATA(20)\nC:ACK\n{ServerCloses}").ServerCloseReason);
        string head = $"S:DATA hex={Text("HTTP/1.1 503 x\r\nConnection: close\r\n\r\n")}\nC:ACK\n";
        Assert.Equal("HTTP 503 Service Unavailable", PacketScript.One($"{Handshake}{head}S:DATA(1400)\nS:DATA(700)\nC:ACK\n{ServerCloses}").ServerCloseReason);
        string next = $"C:DATA(5)\nS:DATA hex={Text("HTTP/1.1 200 OK\r\n\r\n")}\n";
        Assert.Null(PacketScript.One($"{Handshake}{head}{next}{ServerCloses}").ServerCloseReason);
    }

    [Fact]
    public void A_retransmission_does_not_remove_the_reason() =>
        Assert.Equal("reply 421 service not available, closing", PacketScript.One($"{Handshake}C:DATA(5)\nS:DATA(9)\nS:DATA hex={Text("421 later\r\n")}\nS:DATA(9) seq=1\nC:ACK\n{ServerCloses}").ServerCloseReason);

    [Theory]
    [InlineData("S:FIN\nC:ACK\nC:FIN\nS:ACK", true)]
    [InlineData("+30 S:FIN\nC:ACK\nC:FIN\nS:ACK", false)] // after such a long time, the close has another reason
    [InlineData("C:FIN\nS:FIN\nC:ACK", false)] // the client had finished
    [InlineData("C:ACK", false)] // no side closed
    public void An_error_that_leaves_the_connection_usable_is_a_reason_only_for_a_close_right_after_it(string end, bool expected) =>
        Assert.Equal(expected, Run(Text("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), end).ServerCloseReason is not null);

    [Theory]
    [InlineData("421 \u001b]0;owned\u0007\u202e \u001b[2J timeout\r\n", "reply 421 timeout")]
    [InlineData("HTTP/1.1 503 \u001b[31mred\r\n\r\n", "HTTP 503 Service Unavailable")]
    [InlineData("-ERR \u001b[31mred\u009b\r\n", "Redis -ERR")]
    [InlineData("-=cmd|' /C calc'!A0\r\n", null)]
    [InlineData("* BYE \"quoted\", \u0000\r\n", "IMAP BYE")]
    [InlineData("HTTP/1.1 \u0661\u0662\u0663 x\r\n", null)]
    [InlineData("4\u00b21 x\r\n", null)]
    public void No_text_of_the_payload_is_in_the_reason(string payload, string? expected)
    {
        ConnectionClose record = Run(Convert.ToHexString(Encoding.UTF8.GetBytes(payload)), ServerCloses);
        Assert.Equal(expected, record.ServerCloseReason);
        Assert.DoesNotContain(record.Explanation + record.Advice, c => char.IsControl(c) || c is '\u202e');
    }

    [Fact]
    public void Any_bytes_give_a_short_printable_reason_or_none()
    {
        Random random = new(4711);
        string[] seeds = [.. Reasons.Select(row => (string)row[0])];
        for (int i = 0; i < 1500; i++)
        {
            byte[] bytes = Convert.FromHexString(seeds[random.Next(seeds.Length)]);
            for (int n = random.Next(1, 5); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            byte[] payload = random.Next(3) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
            ConnectionClose record = Run(Convert.ToHexString(payload), random.Next(2) == 0 ? ServerCloses : $"S:RST-ACK hex={Convert.ToHexString(payload)}");
            string text = record.ServerCloseReason ?? "";
            Assert.True(text.Length <= 80 && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'), $"{text} from {Convert.ToHexString(payload)}");
        }
    }

    [Theory]
    [InlineData("Go away, we are not home", "RST text: Go away, we are not home")]
    [InlineData("no listener\0\0", "RST text: no listener")]
    [InlineData("\u001b[2Jno listener", null)]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a", null)]
    public void The_text_of_a_RST_is_named_if_it_is_one(string payload, string? expected)
    {
        ConnectionClose record = PacketScript.One($"{Handshake}C:DATA(5)\nS:RST-ACK hex={Text(payload)}");
        Assert.Equal(expected, record.ServerCloseReason);
        if (expected is not null)
            Assert.Contains("(frame 5) carries a text: \"", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_in_an_MPTCP_reset_is_named() =>
        Assert.Equal("MPTCP reset 6 middlebox interference", PacketScript.One($"{Handshake}C:DATA(5)\nS:RST-ACK options=1e048006").ServerCloseReason);

    [Fact]
    public void A_TLS_fatal_alert_before_a_RST_gives_the_advice_and_not_SO_LINGER()
    {
        ConnectionClose record = PacketScript.One($"{Handshake}C:DATA(300)\nS:DATA(900)\nC:DATA hex=15030300020230\nC:RST-ACK");
        Assert.Equal((Cause.AbortiveClose, "TLS alert fatal unknown_ca (48)"), (record.Cause, record.ClientCloseReason));
        Assert.Contains("sent TLS alert fatal unknown_ca (48) (frame 6) and closed", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("SO_LINGER", record.Advice, StringComparison.Ordinal);
        Assert.Contains("authority", record.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("53300", "max_connections")]
    [InlineData("57P01", "administrator")]
    public void The_advice_names_the_limit(string state, string expected) =>
        Assert.Contains(expected, Run(PostgreSql("FATAL", state, "x"), ServerCloses).Advice, StringComparison.Ordinal);

    [Fact]
    public void An_error_answered_in_the_middle_of_an_upload_is_an_early_response_also_without_a_RST()
    {
        string answer = $"S:DATA hex={Text("HTTP/1.1 413 x\r\nConnection: close\r\n\r\n")}\n";
        string upload = $"{Handshake}C:DATA(1400)\nC:DATA(1400)\nC:DATA(1400)\n";
        ConnectionClose before = PacketScript.One($"{upload}{answer}C:DATA(1400)\nS:FIN\nC:FIN\nS:ACK");
        ConnectionClose after = PacketScript.One($"{upload}{answer}S:FIN\nC:DATA(1400)\nC:FIN\nS:ACK");
        Assert.Equal((Cause.EarlyResponse, Cause.EarlyResponse), (before.Cause, after.Cause));
        Assert.Contains("HTTP 413 Content Too Large (frame 7) and closed", before.Explanation, StringComparison.Ordinal);
        Assert.NotEqual(Cause.EarlyResponse, PacketScript.One($"{upload}{answer}S:FIN\nC:FIN\nS:ACK").Cause); // the request may have been complete
    }

    [Fact]
    public void A_request_that_arrived_a_moment_before_the_RST_is_named_with_its_bytes() =>
        Assert.Contains("The client's last 120 bytes (frame 6) came 2 ms before the RST and are lost.", PacketScript.One($"{Handshake}C:DATA(9)\nS:DATA(9)\nC:DATA(120)\n+0.002 S:RST-ACK").Explanation, StringComparison.Ordinal);

    private static ConnectionClose Run(string hex, string end) =>
        PacketScript.One($"{Handshake}C:DATA(5)\nS:DATA hex={hex}\nC:ACK\n{end}");

    private static string Text(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));

    private static string PostgreSql(string severity, string state, string message)
    {
        byte[] fields = Encoding.ASCII.GetBytes($"S{severity}\0V{severity}\0C{state}\0M{message}\0Fpostgres.c\0L3285\0RProcessInterrupts\0\0");
        return $"45{fields.Length + 4:x8}{Convert.ToHexString(fields)}";
    }

    /// <summary>A notice that PostgreSQL sends before it ends all connections.</summary>
    private static string Notice(string state) => "4e" + PostgreSql("WARNING", state, "terminating connection")[2..];

    private static string MySql(int code, string state, string message)
    {
        byte[] text = Encoding.ASCII.GetBytes($"#{state}{message}");
        return $"{text.Length + 3:x2}000000ff{code & 0xff:x2}{code >> 8:x2}{Convert.ToHexString(text)}";
    }
}
