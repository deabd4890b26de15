using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

public sealed class WindowRemarkTests
{
    private const string Shut = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(9)\n+1 C:ACK win=0\n";

    [Theory]
    [InlineData("+45 C:FIN win=0\nS:FIN\nC:ACK win=0", "had not read for 45 s: its window was zero (frame 6).")]
    [InlineData("+45 C:RST", "had not read for 45 s: its window was zero (frame 6).")]
    [InlineData("+2 C:FIN win=0\nS:FIN\nC:ACK win=0", null)] // a busy program
    [InlineData("+45 C:ACK\n+1 C:FIN\nS:FIN\nC:ACK", null)] // the program had read the data
    public void A_window_that_was_shut_for_long_before_the_close_is_named(string close, string? remark)
    {
        ConnectionClose record = PacketScript.One(Shut + close);
        Assert.NotEqual(Cause.ZeroWindowStall, record.Cause);
        if (remark is null)
            Assert.DoesNotContain("window", record.Explanation, StringComparison.Ordinal);
        else
            Assert.EndsWith(remark, record.Explanation, StringComparison.Ordinal);
    }
}
