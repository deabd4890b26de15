using System.Net;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Cases;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The explanation of the same packets with a local client, with a local server, and without a local side.</summary>
public sealed class LocalAddressTests
{
    private const string Handshake = "C:SYN\nS:SYN-ACK\nC:ACK\n";
    private const string Request = Handshake + "C:DATA(5)\nS:ACK\n";
    private const string Answered = Handshake + "C:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string Client = "10.0.0.1";
    private const string Server = "10.0.0.2";

    [Theory]
    [InlineData(Request + "S:RST-ACK", Cause.UnreadDataDiscarded,
        "The server reset the connection (frame 6) and had not answered the last payload of your program: it closed or was killed with that payload unread. Your program's next call gets ECONNRESET.",
        "Your program reset the connection (frame 6) and had not answered the last payload of the client: it closed or was killed with that payload unread. The client's next call gets ECONNRESET.")]
    [InlineData(Answered + "+3 C:DATA(5)\nS:RST", Cause.PeerStateLost,
        "The server's host sent a RST without ACK (frame 8) in answer to frame 7, without a FIN before",
        "Your own kernel sent a RST without ACK (frame 8) in answer to frame 7, without a FIN before")]
    [InlineData(Answered + "S:FIN\nC:ACK\nS:RST", Cause.PeerStateLost,
        "The server closed (FIN, frame 7), and the server's host dropped the rest",
        "Your program closed (FIN, frame 7), and your own kernel dropped the rest")]
    [InlineData(Answered + "+75.0 S:FIN\nC:ACK\nC:FIN\nS:ACK", Cause.IdleTimeout,
        "The server closed (FIN, frame 7) after 75 s without payload",
        "Your program closed (FIN, frame 7) after 75 s without payload")]
    [InlineData(Answered + "C:DATA(9)\nS:RST ttl=40", Cause.MiddleboxReset,
        "The RST with the server's address (frame 8) was not sent by that host:",
        "The RST with your program's address (frame 8) was not sent by that host:")]
    [InlineData("C:SYN\nS:RST-ACK", Cause.ConnectionRefused,
        "Your program's SYN was answered with a RST (frame 2)",
        "The client's SYN was answered with a RST (frame 2)")]
    [InlineData(Handshake + "C:DATA(20000)\nS:DATA(300)\nC:DATA(20000)\nS:RST-ACK", Cause.EarlyResponse,
        "The server answered (300 bytes) while your program was still uploading",
        "Your program answered (300 bytes) while the client was still uploading")]
    [InlineData(Handshake + "C:DATA(5)\n+1 S:SYN-ACK seq=0 ack=1\nC:ACK", Cause.AcceptQueueOverflow,
        "Your program had completed the handshake, but the server's host retransmitted its SYN-ACK",
        "The client had completed the handshake, but your own kernel retransmitted its SYN-ACK")]
    public void Only_the_texts_depend_on_the_local_side(string script, Cause cause, string fromClient, string fromServer)
    {
        ConnectionClose neutral = PacketScript.One(script);
        ConnectionClose client = From(script, Client);
        ConnectionClose server = From(script, Server);
        Assert.Equal(cause, neutral.Cause);
        Assert.StartsWith(fromClient, client.Explanation, StringComparison.Ordinal);
        Assert.StartsWith(fromServer, server.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("our program", neutral.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("your own kernel", neutral.Explanation, StringComparison.Ordinal);
        foreach (ConnectionClose explained in (ConnectionClose[])[client, server])
        {
            Assert.Equal((neutral.Cause, neutral.Confidence, neutral.Advice), (explained.Cause, explained.Confidence, explained.Advice));
            Assert.Equal(neutral.Evidence.Select(e => e.Frame), explained.Evidence.Select(e => e.Frame));
            Assert.Equal(neutral.Alternatives.Select(a => a.Cause), explained.Alternatives.Select(a => a.Cause));
        }
    }

    /// <summary>The same packets have two explanations: a broken pipe of the writer, and a reset by the closer's own kernel.</summary>
    [Theory]
    [InlineData(Request + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST",
        "Your program kept writing (frame 8) after the server closed (FIN, frame 6); the server's host answered with a RST (frame 9); it had no socket for the connection any more. 5 bytes were never acknowledged. The next write after that returns EPIPE (broken pipe).",
        "Your program closed (FIN, frame 6); the client sent payload after that (frame 8), no program could read it, and your own kernel reset the connection (frame 9). A program that still has the socket open gets the error: Your program's next call gets ECONNRESET.")]
    [InlineData(Request + "+5 S:FIN\nC:ACK\nC:DATA(5)\nS:RST",
        "The server closed (FIN, frame 6) after 5 s without payload, consistent with the default of Varnish timeout_idle",
        "Your program closed (FIN, frame 6); the client sent payload after that (frame 8), no program could read it,")]
    [InlineData(Answered + "S:FIN\nC:DATA(5) ack=8\nS:RST seq=8",
        "The server closed (FIN, frame 7), and your program wrote while that FIN was still on its way (frame 8); the server's host answered",
        "Your program closed (FIN, frame 7); the client sent payload after that (frame 8), no program could read it,")]
    public void A_reset_by_the_own_kernel_is_a_cause_of_its_own(string script, string fromWriter, string fromCloser)
    {
        ConnectionClose neutral = PacketScript.One(script);
        ConnectionClose writer = From(script, Client);
        ConnectionClose closer = From(script, Server);
        Assert.Equal((neutral.Cause, neutral.Confidence), (writer.Cause, writer.Confidence));
        Assert.Equal((Cause.DataAfterOwnClose, Confidence.Medium), (closer.Cause, closer.Confidence));
        Assert.Equal(Cause.WriteAfterPeerClose, closer.Alternatives[0].Cause);
        Assert.StartsWith(fromWriter, writer.Explanation, StringComparison.Ordinal);
        Assert.StartsWith(fromCloser, closer.Explanation, StringComparison.Ordinal);
    }

    /// <summary>If a text called the same side both "your program" and by its role, there would seem to be three sides.</summary>
    [Fact]
    public void Your_program_is_never_called_client_or_server()
    {
        IReadOnlyList<PacketCase> cases = PacketCases.Read().All;
        Assert.NotEmpty(cases);
        List<string> wrong = [];
        foreach ((PacketCase of, string local, string role) in cases.SelectMany(c => ((PacketCase, string, string)[])[(c, Client, "he client"), (c, Server, "he server")]))
        {
            foreach (ConnectionClose record in PacketScript.Run(of.Script, options: new AnalyzerOptions { LocalAddresses = [IPAddress.Parse(local)] }))
            {
                string text = record.Explanation + string.Concat(record.Evidence.Select(e => e.Shows));
                if (text.Contains(role, StringComparison.Ordinal) || !char.IsAsciiLetterUpper(text[0]))
                    wrong.Add($"{of.File}:{of.Line}, {local}: {text}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Addresses_are_compared_as_they_are_on_the_wire()
    {
        const string Script = Answered + "S:FIN\nC:ACK\nC:FIN\nS:ACK";
        Assert.StartsWith("Your program closed", From(Script, "::ffff:" + Server).Explanation, StringComparison.Ordinal);
        Assert.StartsWith("Your program closed", From(Script, "2001:db8::5%3", ipv6: true).Explanation, StringComparison.Ordinal);
        Assert.StartsWith("The server closed (FIN, frame 7), then your program", From(Script, "2001:db8::c", ipv6: true).Explanation, StringComparison.Ordinal);
        Assert.Equal(PacketScript.One(Script).Explanation, From(Script, "10.0.0.3", "::10.0.0.1").Explanation); // ::10.0.0.1 is an IPv6 address
        Assert.StartsWith("The server closed (FIN, frame 7), then your program", From(Script, Client, Server).Explanation, StringComparison.Ordinal); // both: the client
    }

    private static ConnectionClose From(string script, params string[] addresses) => From(script, ipv6: false, addresses);

    private static ConnectionClose From(string script, string address, bool ipv6) => From(script, ipv6, address);

    private static ConnectionClose From(string script, bool ipv6, params string[] addresses) =>
        PacketScript.One(script, ipv6, new AnalyzerOptions { LocalAddresses = [.. addresses.Select(IPAddress.Parse)] });
}
