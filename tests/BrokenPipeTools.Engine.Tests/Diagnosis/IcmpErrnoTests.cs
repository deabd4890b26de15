using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>ICMP errors that Linux converts to the error of a call, and those that it ignores.</summary>
public sealed class IcmpErrnoTests
{
    private const string Request = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\n";

    /// <summary>Every code of icmp_err_convert (net/ipv4/icmp.c) and tab_unreach (net/ipv6/icmp.c), and the other results of tcp_v4_err().</summary>
    [Theory]
    [InlineData(false, 3, "ENETUNREACH EHOSTUNREACH ENOPROTOOPT ECONNREFUSED - EOPNOTSUPP ENETUNREACH EHOSTDOWN ENONET ENETUNREACH EHOSTUNREACH ENETUNREACH EHOSTUNREACH EHOSTUNREACH EHOSTUNREACH EHOSTUNREACH -")]
    [InlineData(false, 4, "-")] // source quench
    [InlineData(false, 5, "- -")] // redirect
    [InlineData(false, 11, "EHOSTUNREACH -")] // a fragment that is late is not an error of the path
    [InlineData(false, 12, "EPROTO EPROTO EPROTO")]
    [InlineData(true, 1, "ENETUNREACH EACCES EHOSTUNREACH EHOSTUNREACH ECONNREFUSED EACCES EACCES EPROTO EPROTO")]
    [InlineData(true, 2, "-")]
    [InlineData(true, 3, "EHOSTUNREACH EHOSTUNREACH")]
    [InlineData(true, 4, "EPROTO EPROTO EPROTO")]
    public void An_ICMP_error_becomes_the_errno_of_the_kernel(bool ipv6, byte type, string errnos)
    {
        string[] expected = errnos.Split(' ');
        Assert.Equal(expected, expected.Select((_, code) => IcmpErrno.Of(new IcmpKind(type, (byte)code), ipv6) is var error and not CallResult.None ? error.Text() : "-"));
    }

    [Theory]
    [InlineData(false, 12, 0, "EPROTO")]
    [InlineData(false, 3, 8, "ENONET")]
    [InlineData(false, 11, 1, "ETIMEDOUT")]
    [InlineData(true, 1, 7, "EPROTO")]
    [InlineData(true, 2, 0, "ETIMEDOUT")]
    public void When_the_kernel_gives_up_the_call_fails_with_the_ICMP_error(bool ipv6, int type, int code, string errno)
    {
        string script = $"{Request}C:DATA(9)\nC:ICMP type={type} code={code}\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\n+1.6 C:DATA(9) seq=6";

        Assert.Equal(errno, PacketScript.One(script, ipv6).ClientWrite);
    }

    /// <summary>The sequence number in an ICMP error must be in flight (RFC 5927, section 4; tcp_v4_err() and tcp_v6_err()).</summary>
    [Theory]
    [InlineData("seq=1", false)] // acknowledged before
    [InlineData("seq=6", true)]
    [InlineData("seq=15", true)] // the next number itself
    [InlineData("seq=16", false)] // never sent
    [InlineData("seq=900000", false)]
    public void An_ICMP_error_that_quotes_a_segment_not_in_flight_is_ignored(string sequence, bool counts)
    {
        string script = $"{Request}C:DATA(9)\nC:ICMP {sequence}\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\n+1.6 C:DATA(9) seq=6";
        foreach (bool ipv6 in (bool[])[false, true])
        {
            ConnectionClose record = PacketScript.One(script, ipv6);
            Assert.Equal(counts ? "EHOSTUNREACH" : "ETIMEDOUT", record.ClientWrite);
            Assert.Equal(counts, record.Cause == Cause.NetworkUnreachable);
            Assert.Contains("ICMP(", record.Sequence, StringComparison.Ordinal);
            CloseEvent error = Assert.Single(record.Events, e => e.Note.StartsWith("ICMP", StringComparison.Ordinal));
            Assert.Equal(!counts, error.Note.Contains("ignored", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_sender_of_the_error_is_named()
    {
        Assert.Contains("from 192.0.2.2 ", PacketScript.One("C:SYN\nC:ICMP").Explanation, StringComparison.Ordinal);
        Assert.Contains("from 2001:db8::2 ", PacketScript.One("C:SYN\nC:ICMP", ipv6: true).Explanation, StringComparison.Ordinal);
    }
}
