using System.Globalization;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A server that states its idle limit (<c>Keep-Alive: timeout=</c>) and closes after it timed out, whatever the table of timers has.</summary>
public sealed class AnnouncedIdleLimitTests
{
    private const string Limit17 = "Keep-Alive: timeout=17, max=100";
    private const string ServerCloses = "S:FIN\nC:ACK\nC:FIN\nS:ACK";

    [Theory]
    [InlineData(Limit17, "17.02")]
    [InlineData(Limit17, "16.95")]
    [InlineData("Keep-Alive: timeout=5", "6.001")] // Node.js waits a second longer
    [InlineData("keep-alive: max=3, timeout=1", "1.05")]
    public void A_silence_as_long_as_it_stated_is_its_time_out(string field, string idle)
    {
        ConnectionClose record = Record(field, $"+{idle} {ServerCloses}");
        Assert.Equal((Cause.IdleTimeout, Confidence.High), (record.Cause, record.Confidence));
        string stated = field[(field.IndexOf("timeout", StringComparison.Ordinal))..].Split(',')[0];
        Assert.Contains($"; its last response had stated its idle limit (Keep-Alive: {stated}, frame 5).", record.Explanation, StringComparison.Ordinal);
        Assert.Empty(record.Alternatives);
    }

    [Theory]
    [InlineData(Limit17, "+10 " + ServerCloses)] // too early
    [InlineData(Limit17, "+25 " + ServerCloses)] // too late
    [InlineData(Limit17, "+17 C:FIN\nS:ACK\nS:FIN\nC:ACK")] // the other side
    [InlineData("Keep-Alive: timeout=", "+17 " + ServerCloses)]
    [InlineData("Keep-Alive: timeout=-17", "+17 " + ServerCloses)]
    [InlineData("Keep-Alive: timeout=99999999999", "+17 " + ServerCloses)]
    [InlineData("X-Keep-Alive: timeout=17", "+17 " + ServerCloses)]
    [InlineData("Connection: Keep-Alive", "+17 " + ServerCloses)]
    public void Another_time_another_side_and_another_field_state_nothing(string field, string end)
    {
        ConnectionClose record = Record(field, end);
        Assert.NotEqual((Cause.IdleTimeout, Confidence.High), (record.Cause, record.Confidence));
        Assert.DoesNotContain("had stated", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_body_may_follow_in_other_segments_and_the_last_response_counts()
    {
        Assert.Equal(Confidence.High, Record(Limit17, $"S:DATA(900)\nC:ACK\n+17 {ServerCloses}").Confidence);
        Assert.DoesNotContain("had stated", Record(Limit17, $"C:DATA(50)\n{Response("Server: x")}\nC:ACK\n+17 {ServerCloses}").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_does_not_count_in_the_middle_of_a_response()
    {
        ConnectionClose record = Record(Limit17, $"S:DATA(400)\nC:ACK\n+17 {ServerCloses}");
        Assert.NotEqual((Cause.IdleTimeout, Confidence.High), (record.Cause, record.Confidence));
        Assert.DoesNotContain("had stated", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("before the last 500 of them: the response is incomplete.", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_after_that_close_is_explained_with_it()
    {
        ConnectionClose record = Record(Limit17, "+17 S:FIN\nC:ACK\n+3 C:DATA(50)\nS:RST");
        Assert.Equal((Cause.IdleTimeout, Confidence.High), (record.Cause, record.Confidence));
        Assert.Contains("wrote anyway", record.Explanation, StringComparison.Ordinal);
    }

    private static ConnectionClose Record(string field, string end) =>
        PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\n{Response(field)}\nC:ACK\n{end}");

    private static string Response(string field) =>
        string.Create(CultureInfo.InvariantCulture, $"S:DATA hex={Convert.ToHexString(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{field}\r\nContent-Length: 900\r\n\r\n"))}");
}
