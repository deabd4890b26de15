using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Times that go back: the clock was set, or the frames of one connection have the times of two clocks.</summary>
public sealed class ClockTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string Closed = "S:FIN\nC:FIN\nS:ACK";

    [Fact]
    public void No_duration_is_negative()
    {
        ConnectionClose record = PacketScript.One($"{Answered}-100 {Closed}");
        Assert.Equal(0, record.Duration);
        Assert.Null(record.IdleBeforeClose);
        Assert.Null(record.PayloadIdleBeforeClose);
        Assert.Equal((Cause.NormalClose, Confidence.High), (record.Cause, record.Confidence));
    }

    [Theory]
    [InlineData("", "+75 ", Cause.IdleTimeout)]
    [InlineData("-75 ", "+75 ", Cause.NormalClose)] // the step forward is no silence, but the way back
    [InlineData("-75 ", "+600 ", Cause.IdleTimeout)]
    [InlineData("-0.002 ", "+75 ", Cause.IdleTimeout)] // the frames of two processors are out of order
    public void A_silence_is_not_reasoned_about_if_a_step_back_is_as_long(string before, string silence, Cause cause) =>
        Assert.Equal(cause, PacketScript.One($"{Answered}{before}C:DATA(5)\n{(before.Length > 0 ? "+0 " : "")}S:DATA(7)\nC:ACK\n{silence}{Closed}").Cause);

    [Theory]
    [InlineData("", Cause.StateExpired)]
    [InlineData("-350 ", Cause.SilentDrop)]
    public void Nor_is_the_silence_before_retransmissions(string before, Cause cause) =>
        Assert.Equal(cause, PacketScript.One($"{Answered}{before}C:DATA(5)\nS:DATA(7)\nC:ACK\n+350 C:DATA(9) seq=11\n+0.2 C:DATA(9) seq=11\n+0.4 C:DATA(9) seq=11\n+0.8 C:DATA(9) seq=11\n+1.6 C:DATA(9) seq=11").Cause);
}
