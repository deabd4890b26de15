using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>Connections rebuilt from public reports: every judged value is one of the accepted ones.</summary>
public sealed class FieldCaseTests
{
    /// <summary>
    /// Values known to be wrong, each with its reason. The test also fails if one of them becomes right: delete its line then.
    /// </summary>
    private static readonly Dictionary<string, string> KnownWrong = new()
    {
        ["clusterip-no-reverse-nat 1 cause"] = "TTL of a routed and of a bridged packet taken for two senders",
        ["clusterip-no-reverse-nat-client-side 1 cause"] = "a SYN-ACK without a SYN taken for a lost connection",
        ["injected-reset-with-payload 0 closed_by"] = "a forged RST that was accepted does not count",
        ["in-window-reset-challenge-loop 0 cause"] = "the first RST, an abort, is passed over for its echo",
        ["conntrack-invalid-server-side 0 cause"] = "a bare RST amid traffic taken for a restart",
        ["slow-fin-firewall-forgot 0 state"] = "both FINs taken for both closed, without a look at acknowledgments",
        ["slow-fin-firewall-forgot 0 cause"] = "the same",
        ["slow-fin-firewall-forgot 0 confidence"] = "the same",
        ["answer-after-client-gave-up 0 state"] = "payload refused by RSTs taken for delivered",
        ["answer-after-client-gave-up 0 cause"] = "the same",
        ["answer-after-client-gave-up 0 confidence"] = "the same",
        ["upload-in-vain-both-fins 0 state"] = "payload never acknowledged taken for delivered",
        ["ack-lost-once-then-acked-data 0 cause"] = "one repeated SYN-ACK taken for a full queue although payload was acknowledged",
        ["ack-lost-once-then-acked-data 0 confidence"] = "the same",
        ["mtu-hole-at-client 0 state"] = "the gap before the FIN is not looked at",
        ["mtu-hole-at-client 0 closed_by"] = "the same",
        ["midstream-keepalive 0 cause"] = "keepalive probes of a side without payload are not recognised",
        ["midstream-keepalive 0 client_write"] = "the same",
    };

    [Fact]
    public void Every_judged_value_is_accepted()
    {
        List<string> wrong = [], explained = [];
        foreach (FieldCase expected in FieldCase.All)
        {
            ConnectionClose record = RecordOf(expected);
            foreach ((string column, string seen) in expected.Differences(record))
            {
                wrong.Add($"{expected.Name} {column}");
                explained.Add($"{expected.Name} {column} is {seen} ({expected.Reason}); {record.Sequence}: {record.Explanation}");
            }
        }

        Assert.True(wrong.Order(StringComparer.Ordinal).SequenceEqual(KnownWrong.Keys.Order(StringComparer.Ordinal)), $"""
            wrong and not known: {string.Join(", ", wrong.Except(KnownWrong.Keys))}
            right, delete the line: {string.Join(", ", KnownWrong.Keys.Except(wrong))}
            {string.Join('\n', explained)}
            """);
    }

    [Fact]
    public void Every_capture_has_a_row_and_an_origin()
    {
        string[] captures = [.. Directory.GetFiles(FieldCase.Folder, "*.pcap").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        string[] origins = [.. File.ReadLines(Path.Combine(FieldCase.Folder, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1])];
        Assert.Equal(captures, FieldCase.All.Select(row => row.File).Distinct().Order(StringComparer.Ordinal));
        Assert.All(captures, capture => Assert.Contains(origins, origin => capture == $"{origin}.pcap" || capture == $"{origin}-client-side.pcap"));
        Assert.All(origins, origin => Assert.Contains($"{origin}.pcap", captures));
        Assert.All(FieldCase.All, row => Assert.NotEmpty(row.Reason));
    }

    private static ConnectionClose RecordOf(FieldCase expected)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(Path.Combine(FieldCase.Folder, expected.File));
        while (analyzer.TryNext(out ConnectionClose? record))
        {
            if (record.Stream == expected.Stream)
                return record;
        }

        throw new InvalidOperationException($"{expected.File} has no stream {expected.Stream}");
    }
}
