using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>
/// Mutated text causes no exception, no contradiction to the frames, and no unbounded memory. For a longer run set TRACE_MUTATION_LINES to the number
/// of lines. To repeat a failure, set TRACE_MUTATION_SEED to the seed that it reports.
/// </summary>
public sealed class TraceMutationTests(ITestOutputHelper output)
{
    private const int LinesPerText = 100;

    private static readonly string[] Words =
    [
        "Flags [", "]", " > ", ": ", "seq ", "ack ", "win ", "length ", "options [", "0x0000:  ", "4500 003c", "IP ", "IP6 ", "ICMP ", "(tos 0x0, ttl 64, id 1)", "→", "[SYN, ACK]", "Seq=", "Ack=", "Win=", "Len=",
        "\"", "\",\"", "\t", "4294967295", "2147483648", "-1", "99999999999999999999", "\0", "\uFFFD", "&gt;", "...", "(omitted)", "No.", "Time", "Source\tDestination\tInfo", "{1:2}", "<", ">", ":", ".", "é", "\x1b[31m",
    ];

    private static readonly string[] Others =
    [
        "\t0x0000:  4500 003c d71c 4000 4006 659d 7f00 0001  E..<..@.@.e.....",
        "\t0x0010:  7f00 0001 9d0a 1538 c507 89d4 0000 0000  .......8........",
        "0000  45 00 00 3c d7 1c 40 00 40 06 65 9d 7f 00 00 01",
        "12:00:01.500000 IP 192.0.2.1 > 192.0.2.10: ICMP host 198.51.100.3 unreachable, length 68",
        "12:00:01.500000 IP 198.51.100.1 > 198.51.100.3: ICMP 192.0.2.10 unreachable - need to frag (mtu 1460), length 36",
        "12:00:01.500000 IP6 2001:db8::1 > 2001:db8::10: ICMP6, destination unreachable, unreachable route 2001:db8::3, length 68",
        "    9   1.500000 192.0.2.1 → 192.0.2.10 ICMP 70 Destination unreachable (Host unreachable)",
        "12:00:01.500000 IP truncated-ip - 1386 bytes missing! 192.0.2.10.40000 > 198.51.100.3.443: Flags [.], seq 1:1449, ack 1, win 502, length 1448",
        "   10   1.600000 198.51.100.3 → 192.0.2.10 HTTP 500 HTTP/1.1 200 OK  (text/html)",
        "   11   1.700000 192.0.2.10 → 198.51.100.3 TCP 78 [TCP Dup ACK 3#1] 40000 → 443 [ACK] Seq=6 Ack=1 Win=64256 Len=0 TSval=10 TSecr=20 SLE=5 SRE=9",
        "12:00:03.000000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [.], ack 1, win 502, options [nop,nop,sack 1 {1449:1894}], length 0",
    ];

    private static readonly string[] Seeds = [.. TraceSamples.All.Values.SelectMany(text => text.Split('\n')), .. Others];

    [Fact]
    public void No_mutated_line_ends_the_analysis()
    {
        int texts = Math.Max(1, (TestSetting.Number("TRACE_MUTATION_LINES") ?? 40_000) / LinesPerText);
        int first = TestSetting.Number("TRACE_MUTATION_SEED") ?? 1;
        if (TestSetting.Number("TRACE_MUTATION_SEED") is not null)
            texts = 1;
        long records = 0;
        Parallel.For(first, first + texts, seed => Interlocked.Add(ref records, Run(Mutate(new Random(seed)), $"TRACE_MUTATION_SEED={seed}")));
        output.WriteLine($"{texts * (long)LinesPerText} lines, {records} records");
        Assert.True(records >= texts, "hardly any mutated text gives a record: the mutations are too strong to test anything");
    }

    private static int Run(string text, string label)
    {
        try
        {
            using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "mutated.txt"));
            int records = 0;
            for (; analyzer.TryNext(out ConnectionClose? record); records++)
                Check(record, label);
            Assert.True(analyzer.Fault is null, $"{label}: {analyzer.Fault}");
            _ = CaptureSummary.Of(analyzer);
            return records;
        }
        catch (CaptureFormatException e) when (e.Fault is CaptureFault.NotACapture)
        {
            return 0; // no packet is left in the trace
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(label, e);
        }
    }

    private static void Check(ConnectionClose record, string label)
    {
        Assert.True(record.FirstFrame >= 1 && record.LastFrame >= record.FirstFrame, $"{label}: frames {record.FirstFrame} to {record.LastFrame}");
        Assert.False(string.IsNullOrEmpty(record.Explanation), label);
        Assert.False(string.IsNullOrEmpty(record.ClientAddress), label);
        Assert.All(record.Evidence, mark => Assert.InRange(mark.Frame, record.FirstFrame, long.MaxValue));
        _ = record.Errors.Count + record.Events.Count + record.Alternatives.Count;
    }

    private static string Mutate(Random random)
    {
        StringBuilder text = new();
        int from = random.Next(Seeds.Length);
        for (int i = 0; i < LinesPerText; i++)
        {
            StringBuilder line = new(Seeds[random.Next(4) == 0 ? random.Next(Seeds.Length) : (from + i) % Seeds.Length]);
            for (int changes = random.Next(3); changes > 0; changes--)
                Change(line, random);
            text.Append(line).Append(random.Next(40) == 0 ? "" : "\n");
        }

        return text.ToString();
    }

    private static void Change(StringBuilder line, Random random)
    {
        int at = random.Next(line.Length + 1);
        int length = Math.Min(random.Next(1, 12), line.Length - at);
        switch (random.Next(5))
        {
            case 0:
                line.Remove(at, length);
                break;
            case 1:
                line.Insert(at, Words[random.Next(Words.Length)]);
                break;
            case 2 when at < line.Length:
                line[at] = (char)random.Next(1, 0x180);
                break;
            case 3:
                line.Insert(at, line.ToString(at, length));
                break;
            default:
                line.Remove(at, length).Insert(Math.Min(at, line.Length), random.NextInt64(-5, 1L << random.Next(1, 40)));
                break;
        }
    }
}
