using System.Globalization;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Captures;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>An ordinary capture must not cause many alarms.</summary>
public sealed class FalseAlarmTests(ITestOutputHelper output)
{
    private static readonly Cause[] Accusations = [Cause.MiddleboxReset, Cause.StateExpired];

    /// <summary>In the capture with an injected RST, the different TTL proves it.</summary>
    [Fact]
    public void No_device_is_accused_in_the_corpus_unless_a_reset_was_injected()
    {
        const string Injected = "zeek/tcp__rst-inject-rae.pcap";
        List<string> accused = [];
        int connections = 0;
        foreach ((string file, ConnectionClose record) in PublicCaptures.Connections)
        {
            connections++;
            Assert.NotEmpty(record.Explanation);
            if (Accusations.Contains(record.Cause) && record.Confidence == Confidence.High && file != Injected)
                accused.Add($"{file} {record.Stream}: {record.Explanation}");
        }

        output.WriteLine($"{connections} connections");
        Assert.True(connections > 1000, $"{connections} connections in the corpus");
        Assert.Empty(accused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ten_thousand_ordinary_connections_cause_no_alarm(int seed)
    {
        const int Connections = 10_000;
        Random random = new(seed);
        StringBuilder script = new();
        for (int number = 0; number < Connections; number++)
            AddOrdinary(script, random, number);

        List<ConnectionClose> records = PacketScript.Run(script.ToString(), ipv6: seed % 2 == 0);

        Assert.Equal(Connections, records.Count);
        foreach (IGrouping<string, ConnectionClose> cause in records.GroupBy(r => $"{r.Cause} {r.Confidence}").OrderByDescending(g => g.Count()))
            output.WriteLine($"{cause.Count(),6} {cause.Key}");
        Cause[] ordinary = [Cause.NormalClose, Cause.HalfClose, Cause.IdleTimeout, Cause.HealthProbe, Cause.AbortiveClose, Cause.ConnectionRefused];
        Assert.Empty(records.Where(r => !ordinary.Contains(r.Cause)).Select(r => $"{r.Sequence}: {r.Explanation}").Take(5));
        Assert.DoesNotContain(records, r => Accusations.Contains(r.Cause));
        Assert.DoesNotContain(records, r => r.Confidence == Confidence.High && r.Cause is not (Cause.NormalClose or Cause.HalfClose or Cause.ConnectionRefused));
    }

    /// <summary>
    /// Connections that overlap, with random silences and ages: anything that they have in common is chance, and must not be reported as a pattern.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Connections_that_have_nothing_in_common_are_hardly_ever_compared(int seed)
    {
        const int Connections = 10_000;
        string[] ends = ["S:FIN;C:ACK;C:FIN;S:ACK", "C:FIN;S:FIN;C:ACK", "S:RST-ACK", "C:RST-ACK", "S:FIN;C:ACK;C:DATA(5);S:RST", "C:FIN;S:ACK;S:FIN;C:ACK"];
        Random random = new(seed);
        Timeline timeline = new();
        double at = 0;
        for (int number = 0; number < Connections; number++)
        {
            at -= Math.Log(1 - random.NextDouble()) * 0.5; // random arrival times, as of phone calls
            string end = ends[random.Next(ends.Length)];
            int port = 80 + random.Next(5);
            if (random.Next(20) == 0)
                timeline.AddBare(at, random.Next(2) == 0 ? "C:RST-ACK" : "C:FIN;S:FIN;C:ACK", port);
            else
                timeline.Add(at, Math.Exp(random.NextDouble() * 5), Math.Exp((random.NextDouble() * 7) - 2), end, port);
        }

        List<ConnectionClose> records = PacketScript.Run(timeline.ToString());
        Assert.Equal(Connections, records.Count);
        List<ConnectionClose> compared = [.. records.Where(r => r.Explanation.Contains("reported before", StringComparison.Ordinal) || r.Explanation.Contains("it does so every", StringComparison.Ordinal))];
        foreach (IGrouping<string, ConnectionClose> kind in compared.GroupBy(r => $"{r.Cause} {r.Confidence}"))
            output.WriteLine($"{kind.Count(),6} {kind.Key}, as {kind.First().Explanation}");
        Assert.InRange(compared.Count, 0, Connections / 1000);
        Assert.DoesNotContain(compared, r => r.Explanation.Contains("within one second of this one", StringComparison.Ordinal));
        Assert.DoesNotContain(compared, r => r.Confidence == Confidence.High && r.Cause != Cause.NormalClose);
    }

    /// <summary>A handshake, some turns with pauses between them, and an end as programs cause it; each host has its own TTL.</summary>
    private static void AddOrdinary(StringBuilder script, Random random, int number)
    {
        string client = $" conn={number} ttl=64 id={random.Next(1, 60000)}";
        string server = $" conn={number} ttl={random.Next(40, 128)} id={random.Next(1, 60000)}";
        void Client(string word) => script.Append(CultureInfo.InvariantCulture, $"C:{word}{client}\n");
        void Server(string word) => script.Append(CultureInfo.InvariantCulture, $"S:{word}{server}\n");
        Client("SYN");
        if (random.Next(50) == 0)
        {
            Server("RST-ACK");
            return;
        }

        Server("SYN-ACK");
        Client("ACK");
        if (random.Next(50) == 0)
        {
            Client("RST-ACK");
            return;
        }

        for (int turn = random.Next(1, 4); turn > 0; turn--)
        {
            if (random.Next(10) == 0)
                script.Append(CultureInfo.InvariantCulture, $"+{random.Next(1, 400)} ");
            Client($"DATA({random.Next(1, 1400)})");
            Server($"DATA({random.Next(1, 1400)})");
            Client("ACK");
        }

        bool clientCloses = random.Next(2) == 0;
        Action<string> first = clientCloses ? Client : Server;
        Action<string> second = clientCloses ? Server : Client;
        first("FIN");
        switch (random.Next(4))
        {
            case 0:
                second("FIN");
                first("ACK");
                break;
            case 1:
                second("ACK");
                second("DATA(100)"); // the rest of its answer
                first("ACK");
                second("FIN");
                first("ACK");
                break;
            case 2:
                second("FIN");
                first("RST"); // some stacks end TIME_WAIT like this
                break;
            default:
                second("ACK");
                second("FIN");
                first("ACK");
                break;
        }
    }
}
