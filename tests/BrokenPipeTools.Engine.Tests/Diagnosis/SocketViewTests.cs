using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>What each side's next read and write return, for every way the packets can leave a connection.</summary>
public sealed class SocketViewTests
{
    private const string Handshake = "C:SYN\nS:SYN-ACK\nC:ACK\n";
    private const string Request = Handshake + "C:DATA(5)\nS:ACK\n";

    [Theory]

    // alive, and every way to be closing
    [InlineData(Request, "blocks ok", "blocks ok")]
    [InlineData(Request + "S:FIN\nC:ACK", "EOF ok", "blocks EPIPE")]
    [InlineData(Request + "S:FIN", "EOF ok", "blocks EPIPE")]
    [InlineData(Request + "C:FIN\nS:ACK\nS:DATA(9)\nC:ACK", "blocks EPIPE", "EOF ok")]
    [InlineData(Request + "S:FIN\nC:ACK\nC:FIN\nS:ACK", "EOF EPIPE", "EOF EPIPE")]
    [InlineData(Request + "C:FIN\nS:FIN ack=6\nC:ACK\nS:ACK", "EOF EPIPE", "EOF EPIPE")]

    // reset
    [InlineData(Request + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST", "EOF EPIPE", "ECONNRESET ECONNRESET")] // the server's program is gone; one that had shut down both ways would read this
    [InlineData(Request + "S:RST-ACK", "ECONNRESET ECONNRESET", "ECONNABORTED ECONNABORTED")]
    [InlineData(Request + "C:FIN\nS:ACK\nS:RST-ACK", "ECONNRESET ECONNRESET", "EOF ECONNABORTED")]
    [InlineData(Request + "C:FIN\nS:ACK\nS:DATA(9)\nC:RST", "ECONNRESET ECONNRESET", "EOF EPIPE")]
    [InlineData(Request + "S:FIN\nC:FIN\nS:ACK\n+1 C:RST-ACK", "EOF EPIPE", "EOF EPIPE")]
    [InlineData(Request + "S:FIN\nC:ACK\nC:DATA(50)\nS:ACK\nS:RST-ACK", "EOF EPIPE", "ECONNABORTED ECONNABORTED")]

    // a RST that is not taken changes nothing
    [InlineData(Request + "S:RST seq=500\nC:ACK\nS:DATA(5)\nC:ACK", "blocks ok", "blocks ok")]
    [InlineData(Request + "S:RST seq=1\nS:DATA(5)\nC:ACK\nC:DATA(5)\nS:ACK", "blocks ok", "blocks ok")]
    [InlineData(Request + "C:DATA(5)\nS:RST\n+0.2 C:DATA(5) seq=6\n+0.4 C:DATA(5) seq=6\n+0.8 C:DATA(5) seq=6", "ETIMEDOUT ETIMEDOUT", "blocks ok")]

    [InlineData(Request + "C:DATA(5)\nS:RST\n+0.2 C:DATA(5) seq=6\nS:RST\n+0.4 C:DATA(5) seq=6\nS:RST", "blocks ok", "blocks ok")] // its own firewall keeps them from it
    [InlineData(Request + "C:DATA(5)\nS:RST\n+0.2 C:DATA(5) seq=6\nS:RST\n+0.4 C:DATA(5) seq=6\nS:RST\n+0.8 C:DATA(5) seq=6\nS:RST", "ETIMEDOUT ETIMEDOUT", "blocks ok")]

    [InlineData(Request + "C:DATA(9)\nS:RST seq=500\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+1.5 S:RST-ACK", "ECONNRESET ECONNRESET", "ECONNABORTED ECONNABORTED")] // the first was not to be taken, the second was

    // one that no host takes: it lies below what was acknowledged, or does not acknowledge the SYN
    [InlineData(Request + "S:DATA(9)\nC:ACK\nS:RST seq=2", "blocks ok", "blocks ok")]
    [InlineData(Request + "S:DATA(9)\nC:ACK\nS:RST seq=9", "blocks ok", "blocks ok")] // one below, and no FIN that it could belong to
    [InlineData(Request + "S:FIN ack=900", "blocks ok", "blocks EPIPE")] // a FIN that acknowledges what was never sent is dropped
    [InlineData("C:SYN\nS:RST seq=0", "blocks blocks", " ")]
    [InlineData("C:SYN\nS:RST-ACK seq=0 ack=500\n+1 C:SYN seq=0\n+2 C:SYN seq=0", "ENOTCONN EPIPE", " ")]

    // what the client's own firewall keeps from it, its repeats do not acknowledge
    [InlineData(Request + "S:FIN\n+0.05 C:DATA(9) ack=1\n+0.2 C:DATA(9) seq=6 ack=1\n+0.4 C:DATA(9) seq=6 ack=1\n+0.8 C:DATA(9) seq=6 ack=1", "ETIMEDOUT ETIMEDOUT", "blocks EPIPE")]
    [InlineData(Request + "S:FIN\nC:ACK\n+0.05 C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6", "EOF ETIMEDOUT", "blocks EPIPE")]
    [InlineData(Request + "S:DATA(7)\n+0.05 C:DATA(9) ack=1\nS:ACK\n+0.1 S:DATA(7) seq=1\n+0.2 C:DATA(9) seq=6 ack=1\nS:ACK\n+0.4 C:DATA(9) seq=6 ack=1\nS:ACK\n+0.8 C:DATA(9) seq=6 ack=1\nS:ACK", "ETIMEDOUT ETIMEDOUT", "blocks ok")]
    [InlineData(Request + "S:DATA(7)\nC:ACK\n+0.05 C:DATA(9)\nS:ACK\n+0.2 C:DATA(9) seq=6\nS:ACK\n+0.4 C:DATA(9) seq=6\nS:ACK\n+0.8 C:DATA(9) seq=6\nS:ACK\nC:DATA(2)", "blocks ok", "blocks ok")] // the acknowledgments were lost, and then were not
    [InlineData(Request + "S:DATA(7)\nC:ACK\n+0.05 C:DATA(9)\nS:ACK\n+0.2 C:DATA(9) seq=6\nS:ACK\n+0.4 C:DATA(9) seq=6\nS:ACK\n+0.8 C:DATA(9) seq=6\nS:ACK", "ETIMEDOUT ETIMEDOUT", "blocks ok")]

    // the peer is heard, and hears nothing: only an acknowledgment ends the kernel's count
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\nS:DATA(3) ack=6\nC:ACK seq=15\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\nS:DATA(3) ack=6\nC:ACK seq=15", "ETIMEDOUT ETIMEDOUT", "blocks ok")]
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\nS:DATA(3) ack=15\nC:ACK", "blocks ok", "blocks ok")]

    // the server did not send the RST, which is not its end either
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\nC:RST ttl=40 win=502\nC:DATA(5)\nS:ACK", "blocks ok", "blocks ok")]
    [InlineData(Request + "C:RST-ACK ttl=40\nC:DATA(5)\nS:ACK", "blocks ok", "blocks ok")]
    [InlineData(Request + "C:DATA(5)\nS:RST ttl=40\n+0.2 C:DATA(5) seq=6\n+0.4 C:DATA(5) seq=6\n+0.8 C:DATA(5) seq=6\nS:ACK ack=11\nS:DATA(2)\nC:ACK", "blocks ok", "blocks ok")]

    // the capture misses what the client acknowledges: it arrived, and the FIN behind it was next; without that the FIN has to wait
    [InlineData(Request + "S:DATA(9) lost=1\nS:FIN\nC:ACK", "EOF ok", "blocks EPIPE")]
    [InlineData(Request + "S:DATA(9) lost=1\nC:ACK\nS:FIN", "EOF ok", "blocks EPIPE")]
    [InlineData(Request + "S:DATA(9) lost=1\nS:FIN", "blocks ok", "blocks EPIPE")]
    [InlineData("C:ACK seq=9 ack=1\nS:ACK seq=1 ack=10\n+5 S:FIN seq=1 ack=10\nC:FIN seq=10 ack=2\nS:ACK seq=2 ack=11", "EOF EPIPE", "EOF EPIPE")] // begins with a keepalive probe

    // of the other direction nothing was captured: nothing shows what it did not answer
    [InlineData("C:ACK seq=1 ack=1\nC:DATA(9) seq=1 ack=1\n+0.2 C:DATA(9) seq=1 ack=1\n+0.4 C:DATA(9) seq=1 ack=1\n+0.8 C:DATA(9) seq=1 ack=1\n+1.6 C:DATA(9) seq=1 ack=1", "blocks ok", "blocks ok")]

    // two SYNs may be loss, three are not answered any more
    [InlineData("C:SYN\n+1 C:SYN seq=0", "blocks blocks", " ")]
    [InlineData("C:SYN\n+1 C:SYN seq=0\n+2 C:SYN seq=0", "ENOTCONN EPIPE", " ")]

    // one that the server did not send, and that the client still accepted
    [InlineData(Request + "S:RST seq=1\nS:DATA(5)\nC:RST", "ECONNRESET ECONNRESET", "ECONNRESET ECONNRESET")]

    // connecting
    [InlineData("C:SYN\nS:RST-ACK", "ENOTCONN EPIPE", " ")]
    [InlineData("C:SYN", "blocks blocks", " ")]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK", "blocks ok", "blocks ok")]
    [InlineData("C:SYN\nS:SYN-ACK", "blocks ok", " ")]

    // given up
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6", "ETIMEDOUT ETIMEDOUT", "blocks ok")]
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\nS:ACK", "blocks ok", "blocks ok")]
    [InlineData(Request + "S:FIN\nC:ACK\nC:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6", "EOF ETIMEDOUT", "blocks EPIPE")]
    [InlineData(Request + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:RST-ACK", "ETIMEDOUT ETIMEDOUT", "ECONNRESET ECONNRESET")]

    [InlineData(Request + "C:FIN\nS:ACK\n+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:RST-ACK", "ETIMEDOUT ETIMEDOUT", "EOF EPIPE")]

    // its own bare RST shows that it had given up
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\n+9 S:DATA(3) ack=6\nC:RST", "ETIMEDOUT ETIMEDOUT", "ECONNRESET ECONNRESET")]
    [InlineData(Request + "S:ACK win=0\n+0.2 C:KEEPALIVE\nS:ACK win=0\n+3 S:ACK\nC:RST", "ETIMEDOUT ETIMEDOUT", "ECONNRESET ECONNRESET")]

    // data after a FIN that the peer never sent: the socket resets, and was in CLOSE_WAIT
    [InlineData(Request + "S:FIN\nC:ACK\nS:DATA(9) seq=1\nC:RST", "EOF EPIPE", "ECONNRESET ECONNRESET")]

    // a window that is shut
    [InlineData(Request + "S:ACK win=0", "blocks ok", "blocks ok")] // nothing waits
    [InlineData(Request + "C:DATA(5)\nS:ACK win=0 ack=6", "blocks blocks", "blocks ok")]
    [InlineData(Request + "S:ACK win=0\n+0.2 C:KEEPALIVE\nS:ACK win=0", "blocks blocks", "blocks ok")]

    // both sides opened
    [InlineData("C:SYN\nS:SYN\nC:SYN-ACK seq=0 ack=1\nS:SYN-ACK seq=0 ack=1\nC:DATA(5)\nS:ACK", "blocks ok", "blocks ok")]
    [InlineData(Request + "S:ACK win=0\n+1 S:ACK", "blocks ok", "blocks ok")]

    // begun before the capture
    [InlineData("C:DATA(5)\nS:ACK\nS:FIN\nC:ACK\nC:DATA(5)\nS:RST", "EOF EPIPE", "ECONNRESET ECONNRESET")]
    [InlineData("C:DATA(5)\nS:RST", "ECONNRESET ECONNRESET", "blocks ok")]
    public void The_next_calls_return_what_the_kernel_would(string script, string client, string server)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            ConnectionClose record = PacketScript.One(script, ipv6);
            Assert.Equal((client, server), ($"{record.ClientRead} {record.ClientWrite}", $"{record.ServerRead} {record.ServerWrite}"));
        }
    }

    /// <summary>The calls after a failed connect are those on a socket that is not connected.</summary>
    [Theory]
    [InlineData("C:SYN", "blocks")]
    [InlineData("C:SYN\nS:RST-ACK", "ECONNREFUSED")]
    [InlineData("C:SYN\nS:RST seq=0", "blocks")] // does not acknowledge the SYN
    [InlineData("C:SYN\n+1 C:SYN seq=0\n+2 C:SYN seq=0", "ETIMEDOUT")]
    [InlineData("C:SYN\nC:ICMP", "EHOSTUNREACH")]
    [InlineData("C:SYN len=100\nS:RST-ACK ack=1", "ECONNREFUSED")] // TCP Fast Open
    [InlineData("C:SYN len=100\nS:RST-ACK ack=102", "blocks")] // acknowledges more than was sent
    [InlineData("C:SYN len=100\nS:SYN-ACK ack=1", "ok")]
    [InlineData("C:SYN\nS:RST-ACK\n+0.5 C:SYN seq=0\nS:RST-ACK\n+0.5 C:SYN seq=0\nS:RST-ACK", "ECONNREFUSED")] // Windows tries three times
    [InlineData("C:SYN\nS:SYN-ACK", "ok")]
    [InlineData(Request + "S:RST-ACK", "ok")]
    [InlineData("C:DATA(5)\nS:ACK", "ok")]
    [InlineData("C:SYN\nS:RST-ACK\nS:SYN-ACK seq=0\nC:RST seq=1", "ECONNREFUSED")] // forged, and accepted before the server's answer came
    public void Connect_returns_what_the_kernel_would(string script, string result)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(result, record.Connect);
        bool failed = result is not ("ok" or "blocks");
        Assert.Equal(failed, (record.ClientRead, record.ClientWrite) == ("ENOTCONN", "EPIPE"));
        Assert.Equal(failed, record.State is CloseState.Refused or CloseState.Unanswered && result != "blocks");
        Assert.True(!failed || record.BrokenPipe is BrokenPipe.Client or BrokenPipe.Both);
    }

    /// <summary>A host that still holds the old connection answers the SYN with that one's numbers; what came before a SYN is no part of its connection.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(4_294_867_296)] // 100,000 before the server's initial one
    public void Numbers_of_an_old_connection_leave_no_gap_in_the_new_one(uint old)
    {
        ConnectionClose record = PacketScript.One($"C:SYN\nS:ACK seq={old} ack=500\nC:RST seq=500\n+0.03 C:SYN seq=0\nS:SYN-ACK seq=0 ack=1\nC:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\nC:FIN seq=6 ack=1\nS:FIN seq=1 ack=7\nC:ACK seq=7 ack=2");

        Assert.Equal((CloseState.Graceful, CaptureQuality.Complete), (record.State, record.CaptureQuality));
        Assert.Equal(("EOF", "EPIPE", "EOF", "EPIPE"), (record.ClientRead, record.ClientWrite, record.ServerRead, record.ServerWrite));
    }
}
