using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Every cause, as a packet script that shows it, and as one that looks like it and is another.</summary>
public sealed class CauseTests
{
    private const string Handshake = "C:SYN\nS:SYN-ACK\nC:ACK\n";
    private const string Request = Handshake + "C:DATA(5)\nS:ACK\n";
    private const string Answered = Handshake + "C:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string Unanswered = "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\n";

    [Theory]

    // nothing went wrong
    [InlineData(Answered + "S:FIN\nC:ACK\nC:FIN\nS:ACK", Cause.NormalClose, Confidence.High)]
    [InlineData(Answered + "C:FIN\nS:FIN ack=6\nC:ACK\nS:ACK", Cause.NormalClose, Confidence.High)]
    [InlineData(Answered + "S:FIN\nC:ACK\nC:FIN\nS:ACK\nS:RST", Cause.NormalClose, Confidence.High)] // a RST after both FINs is benign
    [InlineData(Request + "C:FIN\nS:ACK\nS:DATA(50)\nC:ACK\nS:FIN\nC:ACK", Cause.HalfClose, Confidence.High)]
    [InlineData(Request + "S:FIN\nC:ACK\nC:DATA(31) tls=alert\nC:FIN\nS:ACK", Cause.NormalClose, Confidence.High)] // only close_notify came after the FIN
    [InlineData(Request + "C:DATA(1448) df=1\nC:ICMP mtu=1400\n+0.2 C:DATA(1448) seq=6 df=1", Cause.PathMtuBlackHole, Confidence.Low)] // the sender may yet heed it
    [InlineData(Request + "S:FIN\nC:ACK", Cause.HalfClose, Confidence.Low)] // closed or half-closed: no packet shows which
    [InlineData(Request + "S:DATA(7)\nC:ACK", Cause.StillOpen, Confidence.High)]
    [InlineData(Handshake + "C:RST-ACK", Cause.HealthProbe, Confidence.Medium)]
    [InlineData(Handshake + "S:RST-ACK", Cause.AbortiveClose, Confidence.Medium)] // the server's reset is no probe

    [InlineData("C:SYN\nS:SYN-ACK\nC:RST seq=1", Cause.HealthProbe, Confidence.Medium)] // a half-open probe
    [InlineData(Answered + "S:RST-ACK win=0", Cause.AbortiveClose, Confidence.Medium)]

    // the peer closed
    [InlineData(Request + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST-ACK win=0 ack=6", Cause.WriteAfterPeerClose, Confidence.Medium)] // another stack than Linux
    [InlineData(Request + "C:FIN\nS:ACK\n+61 S:DATA(5)\nC:RST-ACK win=300 ack=1", Cause.WriteAfterPeerClose, Confidence.Medium)]
    [InlineData(Request + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST", Cause.WriteAfterPeerClose, Confidence.Medium)]
    [InlineData(Request + "C:FIN\nS:ACK\n+1 S:DATA(5)\nC:RST", Cause.WriteAfterPeerClose, Confidence.Medium)]
    [InlineData(Answered + "S:FIN\nC:DATA(5) ack=8\nS:RST seq=8", Cause.WriteAfterPeerClose, Confidence.Medium)] // the data crossed the FIN
    [InlineData(Answered + "S:FIN\nC:ACK\nS:RST", Cause.PeerStateLost, Confidence.Medium)] // nothing was written: the host dropped its half
    [InlineData(Request + "S:FIN\nC:ACK\nC:DATA(50)\nS:ACK\nS:RST-ACK", Cause.UnreadDataDiscarded, Confidence.Medium)] // a RST of a live socket

    [InlineData(Answered + "C:FIN\nS:ACK\nS:DATA(31) tls=alert\nC:RST", Cause.NormalClose, Confidence.Medium)] // close_notify comes too late for a client that is done
    [InlineData(Answered + "C:FIN\nS:ACK\nS:DATA(24) tls=data\nC:RST", Cause.NormalClose, Confidence.Medium)] // the same of TLS 1.3
    [InlineData(Answered + "C:FIN\nS:ACK\nS:DATA(24) tls=data\nS:DATA(24) tls=data\nC:RST", Cause.WriteAfterPeerClose, Confidence.Medium)] // two records are not a farewell
    [InlineData(Answered + "C:FIN\nS:ACK\nS:DATA(40) tls=data\nC:RST", Cause.WriteAfterPeerClose, Confidence.Medium)] // nor is a long one
    [InlineData(Answered + "C:FIN\nS:ACK\nS:DATA(31) tls=alert\nS:DATA(9)\nC:RST", Cause.WriteAfterPeerClose, Confidence.Medium)] // and data are lost after all

    // the peer reset
    [InlineData(Request + "S:RST-ACK", Cause.UnreadDataDiscarded, Confidence.Medium)]
    [InlineData(Answered + "S:RST-ACK", Cause.AbortiveClose, Confidence.Medium)]
    [InlineData(Request + "S:ACK win=0\n+0.3 S:RST-ACK", Cause.UnreadDataDiscarded, Confidence.Medium)]
    [InlineData(Answered + "+3 C:DATA(5)\nS:RST", Cause.PeerStateLost, Confidence.Medium)]
    [InlineData(Answered + "C:DATA(5)\nS:RST", Cause.MiddleboxReset, Confidence.Low)] // a host does not restart within a millisecond
    [InlineData(Answered + "C:DATA(500)\nS:RST\nS:ACK ack=506\nC:RST", Cause.MiddleboxReset, Confidence.Medium)] // and continues to acknowledge
    [InlineData(Handshake + "C:DATA(20000)\nS:DATA(300)\nC:DATA(20000)\nS:RST-ACK", Cause.EarlyResponse, Confidence.Medium)]
    [InlineData(Handshake + "C:DATA(20)\nS:DATA(300)\nC:DATA(20)\nS:RST-ACK", Cause.UnreadDataDiscarded, Confidence.Medium)] // a second request is no upload

    // time
    [InlineData(Answered + "+5.2 S:FIN\nC:ACK\nC:FIN\nS:ACK", Cause.IdleTimeout, Confidence.Medium)]
    [InlineData(Answered + "+3.4 S:FIN\nC:ACK\nC:FIN\nS:ACK", Cause.NormalClose, Confidence.High)] // no known time-out
    [InlineData(Handshake + "+60 S:FIN\nC:ACK\nC:FIN\nS:ACK", Cause.IdleTimeout, Confidence.Medium)] // the server had waited for a first word
    [InlineData(Handshake + "+60 C:FIN\nS:FIN\nC:ACK", Cause.NormalClose, Confidence.High)] // a client that had no use for it
    [InlineData(Answered + "+60.0 S:RST-ACK", Cause.IdleTimeout, Confidence.Medium)]
    [InlineData(Answered + "+11.3 S:RST-ACK", Cause.IdleTimeout, Confidence.Low)]
    [InlineData(Answered + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:RST-ACK", Cause.KeepAliveTimeout, Confidence.High)]
    [InlineData(Answered + "C:FIN\nS:ACK\n+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:RST-ACK", Cause.KeepAliveTimeout, Confidence.High)] // half closed
    [InlineData(Answered + "C:FIN\nC:ACK seq=5\nS:ACK\n+75 C:RST-ACK", Cause.UnreadDataDiscarded, Confidence.Medium)] // an ACK that comes late is no probe
    [InlineData(Answered + "+60 C:KEEPALIVE\nS:ACK\n+60 C:RST-ACK", Cause.IdleTimeout, Confidence.Medium)] // the probe was answered

    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\n+1.6 C:RST-ACK seq=15", Cause.SilentDrop, Confidence.Medium)] // it gave up with a RST
    [InlineData(Answered + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:RST-ACK\n+9 S:DATA(3)\nC:RST", Cause.KeepAliveTimeout, Confidence.High)] // the peer is there again
    [InlineData(Answered + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+20 C:RST-ACK", Cause.IdleTimeout, Confidence.Medium)] // not one interval later

    // uploads
    [InlineData(Handshake + "C:DATA(500)\nS:DATA(900)\nC:DATA(20000)\nS:DATA(300)\nC:DATA(20000)\nS:ACK\nS:RST-ACK\nC:DATA(1000)\nS:RST", Cause.EarlyResponse, Confidence.Medium)] // everything was acknowledged when the RST left

    // the path
    [InlineData(Request + Unanswered, Cause.SilentDrop, Confidence.Medium)]
    [InlineData(Answered + "+400 C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6", Cause.StateExpired, Confidence.Medium)]
    [InlineData(Answered + "+400 C:DATA(9)\nS:RST ttl=40", Cause.StateExpired, Confidence.Medium)]
    [InlineData(Answered + "+400 C:DATA(9)\nS:RST", Cause.StateExpired, Confidence.Low)]
    [InlineData(Answered + "C:DATA(9)\nS:RST ttl=40", Cause.MiddleboxReset, Confidence.Medium)]
    [InlineData(Answered + "C:DATA(9) id=900 win=333\nS:RST ttl=40 id=900 win=333", Cause.MiddleboxReset, Confidence.High)] // made from the packet it answers
    [InlineData(Answered + "S:RST seq=8 ttl=40\nS:DATA(9) seq=8\nC:ACK\nC:DATA(5)\nS:ACK", Cause.StillOpen, Confidence.High)] // forged, and not taken
    [InlineData(Answered + "S:RST seq=8 ttl=40\nS:DATA(9) seq=8\nC:RST", Cause.MiddleboxReset, Confidence.High)] // forged, and taken: the client's host knows the connection no more
    [InlineData(Request + "C:DATA(5)\nS:RST\n+0.2 C:DATA(5) seq=6\nS:RST\n+0.4 C:DATA(5) seq=6\nS:RST", Cause.SilentDrop, Confidence.Medium)] // its own firewall keeps the RST from it
    [InlineData(Answered + "C:DATA(5)\nS:FIN ack=6\nC:ACK\nS:RST seq=8", Cause.WriteAfterPeerClose, Confidence.Medium)] // written before the FIN arrived

    [InlineData(Answered + "C:DATA(9)\nS:RST-ACK seq=8\nS:RST-ACK seq=1468\nS:RST-ACK seq=2928", Cause.MiddleboxReset, Confidence.Medium)] // a volley that hopes to hit the window
    [InlineData(Answered + "C:DATA(9)\nS:RST-ACK seq=8 ack=70000000", Cause.MiddleboxReset, Confidence.Medium)] // acknowledges what was never sent
    [InlineData(Answered + "C:DATA(9)\nS:RST-ACK seq=8 ack=7000", Cause.UnreadDataDiscarded, Confidence.Medium)] // the capture may lack it
    [InlineData(Answered + "C:DATA(9)\nS:ACK\nS:RST-ACK seq=8 ack=6", Cause.MiddleboxReset, Confidence.Medium)] // takes an acknowledgment back
    [InlineData(Answered + "C:DATA(9)\nC:DATA(9)\nS:RST-ACK seq=8 ack=24\nS:RST seq=8\nS:RST seq=8", Cause.UnreadDataDiscarded, Confidence.Medium)] // a host's own burst
    [InlineData(Answered + "S:FIN\nC:DATA(9) ack=8\nS:RST seq=8\nC:DATA(9) ack=9\nS:RST seq=9", Cause.WriteAfterPeerClose, Confidence.Medium)] // one apart around the FIN

    [InlineData(Answered + "C:FIN win=512\nS:RST-ACK ack=6 id=78 win=512", Cause.AbortiveClose, Confidence.Medium)] // its own counter, and a window that moved a little

    // lost in one direction
    [InlineData(Request + Unanswered + "+9 S:DATA(3) ack=6\nC:RST", Cause.SilentDrop, Confidence.Medium)] // the client had given up
    [InlineData(Request + Unanswered + "C:FIN\n+9 S:DATA(3) ack=6\nC:RST seq=6", Cause.SilentDrop, Confidence.Medium)] // and so it had if the program closed in the meantime
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\nS:ACK ack=15\n+5 S:DATA(3) ack=15\nC:RST", Cause.PeerStateLost, Confidence.Medium)] // what it repeated was acknowledged
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\nS:DATA(3) ack=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\nS:DATA(3) seq=1 ack=6", Cause.SilentDrop, Confidence.Medium)] // the server is heard, and hears nothing
    [InlineData(Request + "C:DATA(9)\nS:ACK\n+0.2 C:DATA(9) seq=6\nS:ACK\n+0.4 C:DATA(9) seq=6\nS:ACK\n+0.8 C:DATA(9) seq=6\nS:ACK", Cause.SilentDrop, Confidence.Medium)] // the server hears it, and is not heard
    [InlineData(Request + "C:DATA(9)\nS:ACK\n+0.2 C:DATA(9) seq=6\nS:ACK\n+0.4 C:DATA(9) seq=6\nS:ACK\n+0.8 C:DATA(9) seq=6\nS:ACK\nC:DATA(5)\nS:ACK", Cause.StillOpen, Confidence.High)] // and is heard again
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6", Cause.StillOpen, Confidence.Medium)] // begun to repeat itself
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\nS:ACK", Cause.StillOpen, Confidence.High)]
    [InlineData(Answered + "S:FIN\nC:ACK\nS:RST seq=8 ttl=40", Cause.PeerStateLost, Confidence.Medium)] // nothing crossed: no write

    // a router reports why
    [InlineData(Request + "C:DATA(9)\nC:ICMP\n+0.2 C:DATA(9) seq=6\nC:ICMP\n+0.4 C:DATA(9) seq=6\nC:ICMP\n+0.8 C:DATA(9) seq=6\nC:ICMP", Cause.NetworkUnreachable, Confidence.High)]
    [InlineData(Request + "C:DATA(9)\nC:ICMP\n+0.2 C:DATA(9) seq=6\nC:ICMP", Cause.NetworkUnreachable, Confidence.Medium)] // it may yet recover
    [InlineData(Request + "C:DATA(9)\nC:ICMP\n+0.2 C:DATA(9) seq=6\nS:ACK", Cause.StillOpen, Confidence.High)] // and did
    [InlineData("C:SYN\nC:ICMP", Cause.NetworkUnreachable, Confidence.High)]

    // a link of the path takes only smaller packets
    [InlineData(Request + "C:DATA(1448) df=1\nC:ICMP mtu=1400\n+0.2 C:DATA(1448) seq=6 df=1\n+0.4 C:DATA(1448) seq=6 df=1\n+0.8 C:DATA(1448) seq=6 df=1", Cause.PathMtuBlackHole, Confidence.High)]

    // no connection
    [InlineData("C:SYN\nS:RST seq=0\n+1 C:SYN seq=0\n+2 C:SYN seq=0", Cause.ConnectTimeout, Confidence.Medium)] // a RST that does not acknowledge the SYN is not taken
    [InlineData("C:SYN\nS:RST-ACK", Cause.ConnectionRefused, Confidence.High)]
    [InlineData("C:SYN len=100\nS:RST-ACK", Cause.ConnectionRefused, Confidence.High)] // TCP Fast Open: all of it acknowledged
    [InlineData("C:SYN len=100\nS:RST-ACK ack=1", Cause.ConnectionRefused, Confidence.High)] // or only the SYN
    [InlineData("C:SYN len=100\n+1 C:SYN seq=0\n+2 C:SYN seq=0", Cause.ConnectTimeout, Confidence.Medium)]
    [InlineData("C:SYN\n+1 C:SYN seq=0\n+2 C:SYN seq=0", Cause.ConnectTimeout, Confidence.Medium)]
    [InlineData(Handshake + "C:DATA(5)\n+1 S:SYN-ACK seq=0 ack=1\nC:ACK", Cause.AcceptQueueOverflow, Confidence.Medium)]
    [InlineData(Handshake + "+1 S:SYN-ACK seq=0 ack=1\nC:ACK\nC:DATA(5)\nS:ACK", Cause.StillOpen, Confidence.High)] // the ACK of the handshake was lost once
    [InlineData(Handshake + "+1 S:SYN-ACK seq=0 ack=1\nC:ACK\nC:DATA(5)\nS:ACK\nS:RST-ACK", Cause.UnreadDataDiscarded, Confidence.Medium)] // the server had the connection
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nS:RST seq=1", Cause.AcceptQueueOverflow, Confidence.Medium)]
    [InlineData("C:SYN\nS:ACK seq=500 ack=900\nC:RST seq=900\n+1 C:SYN seq=0\nS:SYN-ACK seq=0 ack=1\nC:ACK ack=1", Cause.StalePortReuse, Confidence.High)]

    // the receiver stopped
    [InlineData(Request + "S:ACK win=0\n+0.2 C:KEEPALIVE\nS:ACK win=0\n+0.4 C:KEEPALIVE\nS:ACK win=0", Cause.ZeroWindowStall, Confidence.Medium)]
    [InlineData(Request + "S:ACK win=0\n+0.2 C:KEEPALIVE\nS:ACK win=0\n+0.4 S:ACK\nC:DATA(5)\nS:ACK", Cause.StillOpen, Confidence.High)]
    public void The_first_cause_is_the_one_the_packets_speak_for(string script, Cause cause, Confidence confidence)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            ConnectionClose record = PacketScript.One(script, ipv6);
            Assert.True((cause, confidence) == (record.Cause, record.Confidence), $"{record.State} {record.Sequence}: {record.Cause} ({record.Confidence}): {record.Explanation}");
            Assert.NotEmpty(record.Explanation);
            Assert.All(record.Evidence, e => Assert.InRange(e.Frame, record.FirstFrame, record.LastFrame + (cause == Cause.NetworkUnreachable ? 1 : 0))); // an ICMP error is no segment of it
            Assert.True(record.Evidence.Count > 0 || cause is Cause.NormalClose or Cause.StillOpen, "no frame speaks for it");
            Assert.DoesNotContain(record.Alternatives, a => a.Cause == record.Cause);
        }
    }

    /// <summary>
    /// The classic question (a server that accepts, reads and closes; a client that sends 5 bytes, sleeps a second, sends twice 5), with
    /// the numbers of its trace: port 2222, the late data 6:11 acknowledging 2, the RST's sequence number 2, no ACK flag, window 0.
    /// </summary>
    [Fact]
    public void The_client_that_sends_twice_after_the_close_gets_its_broken_pipe_explained()
    {
        ConnectionClose record = PacketScript.One("""
            C:SYN
            S:SYN-ACK
            C:ACK seq=1 ack=1
            C:DATA(5) seq=1 ack=1
            S:ACK seq=1 ack=6
            S:FIN seq=1 ack=6
            C:ACK seq=6 ack=2
            +1 C:DATA(5) seq=6 ack=2
            S:RST seq=2 win=0
            """);
        Assert.Equal((Cause.WriteAfterPeerClose, "EOF", "EPIPE", BrokenPipe.Client), (record.Cause, record.ClientRead, record.ClientWrite, record.BrokenPipe));
        Assert.Equal("S:FIN C:ACK C:DATA(5) S:RST", record.Sequence);
        Assert.Equal([6L, 8L, 9L], record.Evidence.Select(e => e.Frame));
        Assert.Contains("frame 6", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("1 s later (frame 8)", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("frame 9", record.Explanation, StringComparison.Ordinal);
        Assert.Equal(["EPIPE", "EPIPE", "EPIPE"], record.Errors.Single(e => e is { Side: "Client", Platform: "Linux" }).Writes);
    }

    /// <summary>
    /// The published worked case (noahdavids.org, "Firewall reset trace"): a keepalive after two hours, answered with a RST whose TTL
    /// is 0x1c in place of 0x3a in the server's packets, and whose IP ID and window are the probe's.
    /// </summary>
    [Theory]
    [InlineData("RST")]
    [InlineData("RST-ACK")]
    public void A_firewall_that_answers_a_two_hour_keepalive_is_found_out(string reset)
    {
        ConnectionClose record = PacketScript.One($"""
            C:SYN
            S:SYN-ACK ttl=58
            C:ACK
            C:DATA(100)
            S:DATA(200) ttl=58
            C:ACK
            +7200 C:KEEPALIVE id=4660 win=32850
            S:{reset} ttl=28 id=4660 win=32850
            """);
        Assert.Equal((Cause.StateExpired, Confidence.High), (record.Cause, record.Confidence));
        Assert.Equal(Cause.MiddleboxReset, record.Alternatives[0].Cause);
        Assert.Contains(record.Evidence, e => e.Shows.Contains("TTL is 28", StringComparison.Ordinal) && e.Shows.Contains("58", StringComparison.Ordinal));
        Assert.Contains(record.Evidence, e => e.Shows.Contains("IP ID", StringComparison.Ordinal));
        Assert.Contains(record.Evidence, e => e.Shows.Contains("window", StringComparison.Ordinal));
        Assert.All(record.Evidence, e => Assert.InRange(e.Frame, 7, 8));
    }

    /// <summary>A RST that surely is not its sender's own was not sent by a side; one that may be is still the side's.</summary>
    [Theory]
    [InlineData(Answered + "C:DATA(9) id=900 win=333\nS:RST ttl=40 id=900 win=333", ClosedBy.Network)]
    [InlineData(Answered + "+400 C:KEEPALIVE id=900 win=333\nS:RST ttl=40 id=900 win=333", ClosedBy.Network)]
    [InlineData(Answered + "C:DATA(9)\nS:RST ttl=40", ClosedBy.Server)] // one sign: not sure
    [InlineData(Answered + "C:FIN\nC:DATA(9) id=900 win=333\nS:RST ttl=40 id=900 win=333", ClosedBy.Client)] // the client's FIN came first
    public void A_forged_reset_is_the_networks(string script, ClosedBy closedBy) => Assert.Equal(closedBy, PacketScript.One(script).ClosedBy);

    /// <summary>If packets cannot decide, the alternatives are named, and no cause is High.</summary>
    [Theory]
    [InlineData(Handshake + "C:DATA(9)\n+0.2 C:DATA(9) seq=1\n+0.4 C:DATA(9) seq=1\n+0.8 C:DATA(9) seq=1", Cause.SilentDrop, Cause.AcceptQueueOverflow)] // SYN cookies: the handshake is done, and the listener drops what follows
    [InlineData(Answered + "+400 S:DATA(3)\nC:RST", Cause.StateExpired, Cause.PeerStateLost)]
    [InlineData(Answered + "S:RST-ACK win=0", Cause.AbortiveClose, Cause.PeerStateLost)] // another stack may answer for a socket that is gone
    [InlineData(Request + "C:FIN\nS:ACK\n+61 S:DATA(5)\nC:RST", Cause.WriteAfterPeerClose, Cause.StateExpired)]
    [InlineData(Answered + "+20 S:DATA(3)\nC:RST", Cause.PeerStateLost, Cause.SilentDrop)] // the client may have given up, out of this capture's sight
    [InlineData(Answered + "+60 C:KEEPALIVE\nS:ACK\n+60 C:RST-ACK", Cause.IdleTimeout, Cause.KeepAliveTimeout)] // the answer need not have arrived
    [InlineData(Answered + "S:FIN\nC:ACK\nS:RST seq=8 ttl=40", Cause.PeerStateLost, Cause.MiddleboxReset)]
    [InlineData(Answered + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST ttl=40", Cause.WriteAfterPeerClose, Cause.MiddleboxReset)]
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6", Cause.StillOpen, Cause.SilentDrop)]
    [InlineData(Answered + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE", Cause.StillOpen, Cause.KeepAliveTimeout)]
    public void What_it_may_have_been_else_is_named(string script, Cause cause, Cause other)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(cause, record.Cause);
        Assert.NotEqual(Confidence.High, record.Confidence);
        Assert.Contains(record.Alternatives, a => a.Cause == other);
    }

    /// <summary>The server's host still holds the old connection when the client, restarted, connects from the same port.</summary>
    [Fact]
    public void A_connection_that_a_new_one_replaced_is_not_surely_open()
    {
        List<ConnectionClose> records = PacketScript.Run(Answered + "C:SYN seq=70000\nS:ACK seq=8 ack=6\nC:RST seq=6\n+1 C:SYN seq=70000\nS:SYN-ACK seq=90000 ack=70001");
        Assert.Equal([Cause.StillOpen, Cause.StalePortReuse], records.Select(r => r.Cause));
        Assert.Equal(Confidence.Medium, records[0].Confidence);
        Assert.Equal(Cause.StalePortReuse, Assert.Single(records[0].Alternatives).Cause);
    }

    [Fact]
    public void Every_cause_is_a_rule_and_has_a_test_that_names_it()
    {
        Assert.Equal(Enum.GetValues<Cause>().Order(), CauseCatalog.All.Select(r => r.Cause).Order());
        Assert.All(CauseCatalog.All, r => Assert.EndsWith(".", r.Summary, StringComparison.Ordinal));
        Assert.Equal(CauseCatalog.All.Count, CauseCatalog.All.Select(r => r.Summary).Distinct().Count());
        IEnumerable<Cause> named = typeof(CauseTests).GetMethod(nameof(The_first_cause_is_the_one_the_packets_speak_for))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (Cause)(int)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[1].Value!);
        Cause[] elsewhere = [Cause.DataAfterOwnClose, Cause.Undetermined];
        Assert.Empty(Enum.GetValues<Cause>().Except(named).Except(elsewhere));
    }
}
