using BrokenPipeTools.Analysis;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The time-outs that a silence is consistent with, and their text in explanations.</summary>
public sealed class KnownTimerTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string Closed = "C:ACK\nC:FIN\nS:ACK";
    private const string Unanswered = "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6";

    [Theory]
    [InlineData(75.0, "S", true)]
    [InlineData(75.7, "S", true)] // fires a little late
    [InlineData(74.8, "S", false)] // and not early
    [InlineData(76.5, "S", false)]
    [InlineData(75.0, "C", false)] // it is the server's
    public void A_default_is_named_if_the_seconds_and_the_closer_fit(double seconds, string closer, bool isNamed)
    {
        string script = FormattableString.Invariant($"{Answered}+{seconds} {closer}:FIN\n{(closer == "S" ? "C" : "S")}:ACK");
        Assert.Equal(isNamed, PacketScript.One(script).Explanation.Contains("consistent with the default of nginx keepalive_timeout", StringComparison.Ordinal));
    }

    /// <summary>A keep-alive timer runs after an answer: not before the first request, and not while a request waits for its answer.</summary>
    [Theory]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\n", false)]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\n", false)]
    [InlineData(Answered + "C:DATA(5)\nS:ACK\n", false)]
    [InlineData(Answered, true)]
    public void A_keep_alive_time_out_is_named_only_after_an_answer(string begin, bool isNamed)
    {
        Assert.Equal(isNamed, PacketScript.One($"{begin}+2 S:FIN\n{Closed}").Explanation.Contains("gunicorn keepalive", StringComparison.Ordinal));
        Assert.Equal(isNamed, PacketScript.One($"{begin}+75 S:FIN\n{Closed}").Explanation.Contains("nginx keepalive_timeout", StringComparison.Ordinal));
        Assert.Contains("Varnish timeout_idle", PacketScript.One($"{begin}+5 S:FIN\n{Closed}").Explanation, StringComparison.Ordinal); // runs in every wait
    }

    [Fact]
    public void The_sites_own_timers_are_named_first_if_they_fit_as_well_and_make_a_cause_of_a_silence_that_no_default_explains()
    {
        const string Own = "Seconds,Mode,Closer,Product\n75,Fin,Server,edge-1\n3.4,Fin,Server,edge-2\n1,Fin,Client,the pool\n";
        ConnectionClose both = One(Answered + "+75.1 S:FIN\n" + Closed, Own);
        Assert.Contains("consistent with your timer edge-1, the default of nginx keepalive_timeout.", both.Explanation, StringComparison.Ordinal);

        Assert.Equal(Cause.NormalClose, PacketScript.One(Answered + "+3.4 S:FIN\n" + Closed).Cause);
        ConnectionClose own = One(Answered + "+3.4 S:FIN\n" + Closed, Own);
        Assert.Equal((Cause.IdleTimeout, Confidence.Medium), (own.Cause, own.Confidence));
        Assert.Contains("consistent with your timer edge-2.", own.Explanation, StringComparison.Ordinal);

        // Shorter than any default: only that timer makes it one, and only for that side.
        Assert.Equal(Cause.IdleTimeout, One(Answered + "+1.1 C:FIN\nS:ACK\nS:FIN\nC:ACK", Own).Cause);
        Assert.Equal(Cause.NormalClose, One(Answered + "+1.1 S:FIN\n" + Closed, Own).Cause);
        Assert.Equal(Cause.NormalClose, PacketScript.One(Answered + "+1.1 C:FIN\nS:ACK\nS:FIN\nC:ACK").Cause);
    }

    [Fact]
    public void The_nearest_timer_is_named_first_and_four_at_most()
    {
        string rows = string.Join('\n', Enumerable.Range(0, 6).Select(i => FormattableString.Invariant($"{2000 + i},Fin,Server,box {i}")));
        string text = One(Answered + "+2003.0 S:FIN\n" + Closed, "Seconds,Mode,Closer,Product\n" + rows).Explanation;
        Assert.Contains("consistent with your timer box 3, your timer box 2, your timer box 1, your timer box 0.", text, StringComparison.Ordinal);
        string more = One(Answered + "+2009.0 S:FIN\n" + Closed, "Seconds,Mode,Closer,Product\n" + rows).Explanation;
        Assert.Contains("your timer box 5, your timer box 4, your timer box 3, your timer box 2 and 2 more.", more, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+400 C:DATA(9)\nS:RST", "at most 400 s: it may be the limit of AWS Network Load Balancer (350 s), AWS NAT gateway (350 s), AWS Gateway Load Balancer with TCP reset (350 s), Azure NAT Gateway (240 s).")]
    [InlineData("+300 C:DATA(9)\nS:RST", "at most 300 s: it may be the limit of Azure NAT Gateway (240 s).")]
    [InlineData("+300 " + Unanswered, "at most 300 s: it may be the limit of Azure Load Balancer (240 s).")]
    [InlineData("+1000 " + Unanswered, "at most 1000 s: it may be the limit of IPVS (Docker Swarm) (900 s), Google Cloud VPC firewall connection tracking (600 s).")]
    public void An_expired_state_gives_an_upper_bound_of_the_limit(string end, string text)
    {
        ConnectionClose record = PacketScript.One(Answered + end);
        Assert.Equal(Cause.StateExpired, record.Cause);
        Assert.Contains($"That is consistent with an idle limit of {text}", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_is_longer_than_the_silence_is_not_named()
    {
        const string Own = "Seconds,Mode,Closer,Product\n120,ResetInReply,Middlebox,edge-3\n350,ResetInReply,Middlebox,edge-4\n";
        Assert.EndsWith("at most 200 s: it may be the limit of your timer edge-3 (120 s).", One(Answered + "+200 C:DATA(9)\nS:RST", Own).Explanation, StringComparison.Ordinal);
        Assert.Contains("it may be the limit of your timer edge-4 (350 s), AWS Network Load Balancer (350 s)", One(Answered + "+400 C:DATA(9)\nS:RST", Own).Explanation, StringComparison.Ordinal);
        ConnectionClose shorter = PacketScript.One(Answered + "+200 C:DATA(9)\nS:RST");
        Assert.Equal(Cause.StateExpired, shorter.Cause);
        Assert.DoesNotContain("may be the limit of", shorter.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_parallel_analyses_keep_their_own_tables()
    {
        Parallel.For(0, 64, i =>
        {
            string text = One(Answered + "+3.4 S:FIN\n" + Closed, $"Seconds,Mode,Closer,Product\n3.4,Fin,Server,box {i}\n").Explanation;
            Assert.Contains($"your timer box {i}.", text, StringComparison.Ordinal);
        });
    }

    private static ConnectionClose One(string script, string table) =>
        PacketScript.One(script, options: new AnalyzerOptions { Timers = new KnownTimers([.. TimerFile.Parse(table, "own.csv")], KnownTimers.BuiltIn.All) });
}
