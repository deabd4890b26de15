using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Comparison;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Comparison;

/// <summary>
/// One of the two captures lacks random frames, as a capture on a busy host does: the verdict must be the fault of the path, or Undetermined.
/// LOSSY_RUNS sets the number of runs, LOSSY_SEED repeats one.
/// </summary>
public sealed class LossyCaptureTests
{
    private const string Opening = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string Closing = "+1 C:FIN\nS:FIN\nC:ACK\n";

    /// <summary>The connection in the client's capture, in the server's capture, and the fault on the path; the longer capture has the evidence.</summary>
    private static readonly (string Client, string Server, ComparisonVerdict Truth)[] Paths =
    [
        Same(Opening + Closing),
        Same(Opening + "S:DATA(1000)\nS:DATA(1000)\nC:ACK\nC:DATA(90)\nS:ACK\nS:DATA(1000)\nC:ACK\n" + Closing),
        Same(Opening + "+1 S:RST-ACK\n"),
        Same(Opening + "+1 C:RST-ACK\n"),
        Same(Opening + "+1 S:FIN\nC:ACK\n+1 C:DATA(9)\nS:RST\n"),
        Same("C:SYN\nS:RST-ACK\n"),
        (Opening + "+1 S:RST-ACK ttl=50\n", Opening, ComparisonVerdict.ForgedReset),
        (Opening, Opening + "+1 C:RST-ACK ttl=50\n", ComparisonVerdict.ForgedReset),
        (Opening + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+1 C:RST-ACK\n", Opening, ComparisonVerdict.LostOnPath),
        (Opening, Opening + "S:DATA(9)\n+0.2 S:DATA(9) seq=8\n+1 S:RST-ACK\n", ComparisonVerdict.LostOnPath),
    ];

    [Fact]
    public void A_capture_that_lacks_frames_at_random_gives_no_wrong_verdict()
    {
        int runs = int.TryParse(Environment.GetEnvironmentVariable("LOSSY_RUNS"), out int more) ? more : 150;
        int first = int.TryParse(Environment.GetEnvironmentVariable("LOSSY_SEED"), out int seed) ? seed : 1;
        Dictionary<string, int> seen = [];
        for (int run = first; run < first + runs; run++)
        {
            Random random = new(run);
            int[] order = [.. Enumerable.Range(0, 14).Select(_ => random.Next(Paths.Length))];
            double loss = random.Next(1, 21) / 100.0;
            bool ofServer = random.Next(2) == 0;
            List<RawFrame> client = Build(order.Select(path => Paths[path].Client)), server = Build(order.Select(path => Paths[path].Server));
            Func<RawFrame, bool> isKept = _ => random.NextDouble() >= loss;
            byte[] reference = Capture(ofServer ? client : [.. client.Where(isKept)], isServer: false), difference = Capture(ofServer ? [.. server.Where(isKept)] : server, isServer: true);
            foreach (ConnectionComparison one in Compare(reference, difference))
            {
                int at = (one.Reference ?? one.Difference!).ClientPort - 40_000;
                (string atClient, string atServer, ComparisonVerdict truth) = Paths[at < order.Length ? order[at] : 0];
                bool isEvidenceAtServer = atServer.Length > atClient.Length;
                bool mayLackEvidence = one.Verdict == ComparisonVerdict.Consistent && ofServer == isEvidenceAtServer; // a forged RST that was not captured
                Assert.True(one.Verdict == ComparisonVerdict.Undetermined || one.Verdict == truth || mayLackEvidence, $"seed {run}, loss {loss} of the {(ofServer ? "server" : "client")}: {truth}, but {one} {one.Explanation}");
                string kind = $"{truth} {one.Verdict}";
                seen[kind] = seen.GetValueOrDefault(kind) + 1;
            }
        }

        foreach (ComparisonVerdict truth in Paths.Select(path => path.Truth).Distinct())
            Assert.True(seen.GetValueOrDefault($"{truth} {truth}") > 0, $"{truth} was never found: {string.Join(", ", seen)}");
    }

    private static (string, string, ComparisonVerdict) Same(string script) => (script, script, ComparisonVerdict.Consistent);

    /// <summary>One connection every 20 seconds, each with another client port; the last one shows that the capture continues.</summary>
    private static List<RawFrame> Build(IEnumerable<string> scripts) => [.. scripts.Append(Opening + Closing).SelectMany((script, at) =>
        PacketScript.Build(string.Concat(script.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{line} conn={at}\n"))).Select(frame => frame with { Time = frame.Time + (at * 20_000_000_000) }))];

    private static byte[] Capture(List<RawFrame> frames, bool isServer)
    {
        const int Source = 14 + 15; // the last byte of the IPv4 source
        return CaptureBytes.Pcap(frames.Select(frame => !isServer ? frame : frame with { Time = frame.Time + (frame.Data[Source] == 1 ? 300_000 : -300_000) }), magic: 0xA1B23C4D);
    }

    private static List<ConnectionComparison> Compare(byte[] reference, byte[] difference)
    {
        CaptureComparison comparison = new();
        Records(reference, "client.pcap").ForEach(record => comparison.AddReference(record));
        Records(difference, "server.pcap").ForEach(record => comparison.AddDifference(record));
        return [.. comparison.Compare(path => CaptureFile.Open(new MemoryStream(path == "client.pcap" ? reference : difference), path))];
    }

    private static List<ConnectionClose> Records(byte[] capture, string path)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(capture), path));
        return Analyze.Records(analyzer);
    }
}
