using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Cases;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Cases;

/// <summary>
/// The packet scripts of tests/cases, each with its expected records, over IPv4 and IPv6. After an intended change, set UPDATE_EXPECTED=1, run once,
/// and read the difference before committing it.
/// </summary>
public sealed class PacketCaseTests
{
    private static readonly PacketCases Cases = PacketCases.Read();

    public static TheoryData<CaseName> Names() => [.. Cases.All.Select(c => new CaseName(c.File, c.Title))];

    [Fact]
    public void Every_line_of_the_files_is_valid_and_no_case_is_repeated() => Assert.True(Cases.Problems.Count == 0, string.Join('\n', Cases.Problems));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_script_gives_the_expected_records(CaseName name)
    {
        PacketCase expected = Cases.All.First(c => (c.File, c.Title) == (name.File, name.Title));
        string[] actual = RecordText.Of(RecordText.Of(Records(expected, ipv6: false)), RecordText.Of(Records(expected, ipv6: true)));
        if (actual.SequenceEqual(expected.Expected))
            return;
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            string path = Path.Combine(PacketCases.Folder, expected.File);
            File.WriteAllText(path, PacketCaseFile.Read(path).WithExpected(expected.Title, actual));
            return;
        }

        Assert.Fail(Difference(expected, actual));
    }

    /// <summary>Eviction needs a full table. DataAfterOwnClose has the same packets as WriteAfterPeerClose, for which it is an alternative.</summary>
    [Fact]
    public void Every_state_and_every_cause_is_expected_of_a_case()
    {
        string[] first = [.. Cases.All.SelectMany(c => c.Expected).Select(line => line.Split(' ', ':')[0])];
        Assert.Equal([CloseState.Evicted], Enum.GetValues<CloseState>().Where(state => !first.Contains($"{state}")));
        Assert.Equal([Cause.DataAfterOwnClose], Enum.GetValues<Cause>().Where(cause => !first.Contains($"{cause}")));
    }

    /// <summary>Runs the script. No record may contradict itself or its packets, and its client must be the script's.</summary>
    private static List<ConnectionClose> Records(PacketCase of, bool ipv6)
    {
        List<RawFrame> frames = PacketScript.Build(of.Script, ipv6);
        byte[] capture = CaptureBytes.Pcap(frames, magic: 0xA1B23C4D);
        CapturedFrames captured = new(capture);
        List<ConnectionClose> records = Analyze.Bytes(capture);
        Assert.NotEmpty(records);
        foreach (ConnectionClose record in records)
        {
            string[] contradictions = [.. RecordConsistency.Contradictions(record, captured.Of(record))];
            Assert.True(contradictions.Length == 0, string.Join('\n', contradictions));
            Assert.InRange(record.ClientPort, PacketScript.FirstClientPort, ushort.MaxValue);
            Assert.Equal(of.Script.Contains("C:SYN", StringComparison.Ordinal), record.OpenerKnown);
            Assert.NotEmpty(record.Explanation);
            Assert.True(record.Evidence.Count > 0 || record.Cause is Cause.NormalClose or Cause.StillOpen or Cause.Undetermined, $"no frame supports {record.Cause}");
        }

        return records;
    }

    private static string Difference(PacketCase expected, string[] actual)
    {
        List<string> text = [$"{expected.File}:{expected.Line}: {expected.Title}"];
        for (int i = 0; i < Math.Max(expected.Expected.Count, actual.Length); i++)
        {
            string was = i < expected.Expected.Count ? expected.Expected[i] : "(no line)";
            string now = i < actual.Length ? actual[i] : "(no line)";
            if (was != now)
                text.Add($"{expected.File}:{expected.ExpectedLine + i}:\n  expected: {was}\n  actual:   {now}");
        }

        return string.Join('\n', text);
    }
}
