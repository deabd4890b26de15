using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A closing message, which a side sends right before it closes, is not activity: the silence before it counts.</summary>
public class ClosingMessageTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\nS:DATA(70)\nC:ACK\n";
    private const string Closes = "+0.0001 S:FIN\nC:ACK\nC:FIN\nS:ACK";

    [Theory]
    [InlineData("34323120636C6F73696E670D0A", 300)] // 421 closing
    [InlineData("485454502F312E3120343038200D0A0D0A", 60)] // HTTP/1.1 408
    [InlineData("15030300020100", 75)] // close_notify
    [InlineData("0000080700000000000000000000000000", 300)] // GOAWAY
    [InlineData("1703030013AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 65)] // close_notify of TLS 1.3
    public void The_silence_before_a_closing_message_counts(string hex, int idle)
    {
        ConnectionClose record = PacketScript.One($"{Answered}+{idle} S:DATA hex={hex}\nC:ACK\n{Closes}");
        Assert.InRange(record.IdleBeforeClose!.Value, idle - 0.01, idle + 0.01);
        Assert.InRange(record.PayloadIdleBeforeClose!.Value, idle - 0.01, idle + 0.01);
        Assert.Equal(Cause.IdleTimeout, record.Cause);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"after {idle} s without payload"), record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsolicited_encrypted_GOAWAY_before_close_notify_is_part_of_the_closing_message()
    {
        const string GoAway = "+75 S:DATA(39) tls=data\nC:ACK\nS:DATA(24) tls=data\nC:ACK\n";
        Assert.InRange(PacketScript.One(Answered + GoAway + Closes).IdleBeforeClose!.Value, 74.9, 75.1);

        // asked for, or too long: an answer, which is activity
        Assert.InRange(PacketScript.One(Answered + "C:DATA(60)\nS:ACK\n" + GoAway + Closes).PayloadIdleBeforeClose!.Value, 0, 0.1);
        Assert.InRange(PacketScript.One(Answered + GoAway.Replace("(39)", "(390)", StringComparison.Ordinal) + Closes).PayloadIdleBeforeClose!.Value, 0, 0.1);
    }

    [Theory]
    [InlineData("+1.5 S:FIN")] // not right before
    [InlineData("C:DATA(5)\nS:FIN")] // the peer sent something after it
    [InlineData("S:DATA(900)\nS:FIN")] // the side itself sent something after it
    [InlineData("C:FIN")] // the other side closed
    public void A_message_is_activity_unless_its_side_closes_right_after_it(string end)
    {
        ConnectionClose record = PacketScript.One($"{Answered}+300 S:DATA hex=15030300020100\nC:ACK\n{end}");
        Assert.InRange(record.PayloadIdleBeforeClose!.Value, 0, 2);
    }

    [Fact]
    public void A_slow_answer_that_is_an_error_is_not_an_idle_timeout()
    {
        ConnectionClose record = PacketScript.One($"{Answered}C:DATA(50)\nS:ACK\n+60 S:DATA hex=485454502F312E3120353034200D0A0D0A\nC:ACK\n{Closes}");
        Assert.Equal("HTTP 504 Gateway Timeout", record.ServerCloseReason);
        Assert.NotEqual(Cause.IdleTimeout, record.Cause);
    }

    [Fact]
    public void A_stated_time_out_needs_no_known_timer_and_a_stated_shutdown_rules_it_out()
    {
        ConnectionClose idle = PacketScript.One($"{Answered}+37.3 S:DATA hex={PostgreSql("57P05")}\nC:ACK\n{Closes}");
        Assert.Equal((Cause.IdleTimeout, Confidence.High), (idle.Cause, idle.Confidence));
        Assert.Contains("PostgreSQL FATAL 57P05 idle_session_timeout (frame 7) and closed", idle.Explanation, StringComparison.Ordinal);
        Assert.NotEqual(Cause.IdleTimeout, PacketScript.One($"{Answered}+300 S:DATA hex={PostgreSql("57P01")}\nC:ACK\n{Closes}").Cause);
    }

    [Theory]
    [InlineData("+60 S:DATA hex=15030300020100\nC:ACK\n" + Closes)] // neither an answer nor a closing message is a heartbeat
    [InlineData("S:DATA(50)\nC:ACK\n+60 S:FIN\nC:ACK\nC:FIN\nS:ACK")] // nor is an answer in two parts
    [InlineData("+2 S:DATA(20)\n+2 S:DATA(20)\n+60 S:FIN\nC:ACK\nC:FIN\nS:ACK")] // the heartbeats had ended a minute before
    [InlineData("C:DATA(9)\nS:ACK\nS:DATA(20)\n+0.4 S:DATA(20) seq=71\n+1.2 S:DATA(20) seq=71\n+2.4 S:DATA(20) seq=71\nC:ACK\n+60 S:FIN\nC:ACK\nC:FIN\nS:ACK")] // retransmissions
    public void Heartbeats_are_new_payload_after_pauses_until_the_close(string end)
    {
        ConnectionClose record = PacketScript.One(Answered + end);
        Assert.Equal(Cause.IdleTimeout, record.Cause);
        Assert.DoesNotContain("heartbeats", record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S", "the client")] // the server sends heartbeats, and closes because the client sends nothing
    [InlineData("C", "the server")] // the opposite case
    public void The_heartbeats_of_one_side_do_not_hide_the_silence_of_the_other(string beating, string silent)
    {
        string other = beating == "S" ? "C" : "S";
        string beats = string.Concat(Enumerable.Repeat($"+30 {beating}:DATA(20)\n{other}:ACK\n", 5));
        ConnectionClose record = PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{beating}:DATA(50)\n{other}:DATA(70)\n{beats}+29.99 S:FIN\nC:ACK\nC:FIN\nS:ACK");
        Assert.Equal(Cause.IdleTimeout, record.Cause);
        Assert.True(record.Confidence < Confidence.High);
        Assert.Contains($"after 180 s without payload from {silent}; the heartbeats of", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_is_not_a_heartbeat()
    {
        string stream = string.Concat(Enumerable.Repeat("+28 S:DATA(1400)\nC:ACK\n", 6));
        Assert.NotEqual(Cause.IdleTimeout, PacketScript.One($"{Answered}{stream}+12 S:FIN\nC:ACK\nC:FIN\nS:ACK").Cause);
    }

    private static string PostgreSql(string state)
    {
        byte[] fields = System.Text.Encoding.ASCII.GetBytes($"SFATAL\0VFATAL\0C{state}\0Mx\0\0");
        return $"45{fields.Length + 4:x8}{Convert.ToHexString(fields)}";
    }
}
