using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Timestamps (RFC 7323) may be the reason why a receiver ignores segments.</summary>
public sealed class TimestampTests
{
    private const string Lacks = "lack the timestamps";
    private const string Lower = "Its TCP timestamp is lower";
    private const string Handshake = "C:SYN ts=100\nS:SYN-ACK ts=7-100\nC:ACK ts=101-7\n";
    private const string Data = "C:DATA(5)\n+0.2 C:DATA(5) seq=1\n+0.4 C:DATA(5) seq=1\n+0.8 C:DATA(5) seq=1\n+1.6 C:DATA(5) seq=1";

    [Theory]
    [InlineData(Handshake, "", true)]
    [InlineData(Handshake, " ts=200-7", false)]
    [InlineData("C:SYN ts=100\nS:SYN-ACK\nC:ACK\n", "", false)] // timestamps were not agreed on
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\n", "", false)]
    public void Ignored_segments_without_the_agreed_timestamps_are_named(string handshake, string options, bool named)
    {
        ConnectionClose r = PacketScript.One(handshake + string.Join('\n', Data.Split('\n').Select(line => line + options)));
        Assert.Equal(Cause.SilentDrop, r.Cause);
        Assert.Equal(named, r.Explanation.Contains(Lacks, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C:SYN ts=100\nS:SYN-ACK ts=7-100\n+1 C:SYN conn=1 ts=50", true)]
    [InlineData("C:SYN ts=100\nS:SYN-ACK ts=7-100\n+1 C:SYN conn=1 ts=1100", false)]
    [InlineData("C:SYN ts=100\n+1 C:SYN conn=1 ts=50", false)] // the earlier SYN was not answered either
    [InlineData("C:SYN ts=100\nS:SYN-ACK ts=7-100\n+90 C:SYN conn=1 ts=50", false)]
    [InlineData("C:SYN ts=100 to=81\nS:SYN-ACK ts=7-100 to=81\n+1 C:SYN conn=1 ts=50", false)]
    [InlineData("C:SYN ts=100\nS:SYN-ACK ts=7-100\nC:SYN conn=2 ts=60\nS:SYN-ACK conn=2 ts=7-60\n+1 C:SYN conn=1 ts=50", false)] // the server answers lower ones, too
    [InlineData("C:SYN ts=4294967290\nS:SYN-ACK ts=7-4294967290\n+1 C:SYN conn=1 ts=4", false)] // the clock wrapped
    public void A_SYN_with_a_lower_timestamp_than_an_answered_one_is_named(string script, bool named)
    {
        ConnectionClose r = PacketScript.Run(script).Single(c => c.ClientPort == 40001);
        Assert.Equal(Cause.ConnectTimeout, r.Cause);
        Assert.Equal(named, r.Explanation.Contains($"{Lower} than an earlier one from the same address that the server answered (stream 0, frame 2)", StringComparison.Ordinal));
    }
}
