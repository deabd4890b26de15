using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Connections that one host closes at the same moment, after silences of different length, were not closed by a time-out.</summary>
public sealed class CloseMomentTests
{
    [Theory]
    [InlineData(5, 60, 200, 900)]
    [InlineData(19, 47, 60)] // a program checks for idle connections at least once in twice its time-out
    public void A_restart_is_not_an_idle_time_out(params int[] silences)
    {
        List<ConnectionClose> records = PacketScript.Run(Closed(silences));
        Assert.Equal(silences.Length, records.Count);
        Assert.DoesNotContain(records, r => r.Cause == Cause.IdleTimeout);
        Assert.All(records, r => Assert.Contains("restarted or reloaded", r.Explanation, StringComparison.Ordinal));
    }

    /// <summary>A device that resets idle connections has a timer for each one. If silences differ by less than that, the program ended.</summary>
    [Fact]
    public void Resets_after_silences_that_differ_by_half_are_a_restart()
    {
        List<ConnectionClose> records = PacketScript.Run(Closed([599, 699, 799, 899]).Replace("S:FIN", "S:RST-ACK", StringComparison.Ordinal));
        Assert.All(records, r => Assert.Contains("restarted or reloaded", r.Explanation, StringComparison.Ordinal));
    }

    /// <summary>A program that checks for idle connections at intervals.</summary>
    [Fact]
    public void A_periodic_check_after_similar_silences_is_a_time_out()
    {
        List<ConnectionClose> records = PacketScript.Run(Closed(silences: [60, 75, 90, 110]));
        Assert.Contains(records, r => r.Cause == Cause.IdleTimeout);
        Assert.All(records, r => Assert.DoesNotContain("restarted", r.Explanation, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_connections_at_the_same_moment_are_chance()
    {
        List<ConnectionClose> records = PacketScript.Run(Closed(silences: [5, 60]));
        Assert.All(records, r => Assert.Equal(Cause.IdleTimeout, r.Cause));
    }

    /// <summary>The server closes all connections within milliseconds, each after its silence.</summary>
    private static string Closed(int[] silences)
    {
        int[] order = [.. Enumerable.Range(0, silences.Length).OrderByDescending(i => silences[i])];
        string script = "";
        for (int n = 0; n < order.Length; n++)
        {
            int c = order[n];
            int wait = n == 0 ? 1 : silences[order[n - 1]] - silences[c];
            script += string.Create(CultureInfo.InvariantCulture, $"+{wait} C:SYN conn={c}\nS:SYN-ACK conn={c}\nC:ACK conn={c}\nC:DATA(5) conn={c}\nS:DATA(7) conn={c}\nC:ACK conn={c}\n");
        }

        for (int n = 0; n < order.Length; n++)
            script += string.Create(CultureInfo.InvariantCulture, $"+{(n == 0 ? silences[order[^1]] : 0.001)} S:FIN conn={n}\n");
        for (int n = 0; n < order.Length; n++)
            script += string.Create(CultureInfo.InvariantCulture, $"C:FIN conn={n}\nS:ACK conn={n}\n");
        return script;
    }
}
