using System.Text;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools.Tests.Summaries;

/// <summary>A summary is compared with an earlier one, and checked against thresholds.</summary>
public sealed class SummaryReferenceTests
{
    private const string Saved = """
        {"Group":"Total","Name":"Connections","Count":1000}
        {"Group":"Cause","Name":"NormalClose","Count":900}
        {"Group":"Cause","Name":"SilentDrop","Count":60}
        {"Group":"Cause","Name":"IdleTimeout","Count":36}
        {"Group":"Cause","Name":"StalePortReuse","Count":4}
        {"Group":"State","Name":"Graceful","Count":936}
        """;

    /// <summary>The values of p were computed separately, with Python's math.erfc.</summary>
    [Theory]
    [InlineData(10, 1000, 10, 1000, ShareChange.None)]
    [InlineData(0, 1000, 0, 1000, ShareChange.None)]
    [InlineData(1, 1000, 0, 1000, ShareChange.New)]
    [InlineData(26, 1000, 10, 1000, ShareChange.More)] // p = 0.0070
    [InlineData(25, 1000, 10, 1000, ShareChange.None)] // p = 0.0105
    [InlineData(10, 1000, 26, 1000, ShareChange.Less)]
    [InlineData(10, 1000, 25, 1000, ShareChange.None)]
    [InlineData(0, 1000, 7, 1000, ShareChange.Less)] // p = 0.0081
    [InlineData(0, 1000, 6, 1000, ShareChange.None)] // p = 0.0142
    [InlineData(4, 10, 1, 1000, ShareChange.None)] // fewer than five connections, whatever the shares are
    [InlineData(5, 10, 1, 1000, ShareChange.More)]
    [InlineData(3, 3, 9, 9, ShareChange.None)] // all, both times
    [InlineData(0, 0, 9, 9, ShareChange.None)]
    public void A_share_has_changed_if_chance_does_not_explain_it(long count, long all, long before, long allBefore, ShareChange expected) =>
        Assert.Equal(expected, ShareTest.Compare(count, all, before, allBefore));

    [Fact]
    public void Causes_are_compared_and_new_and_missing_ones_are_shown()
    {
        SummaryLine[] lines = [.. Tally((Cause.NormalClose, 900), (Cause.SilentDrop, 5), (Cause.MiddleboxReset, 2), (Cause.IdleTimeout, 40)).Summarize(10, Parse(Saved))];
        Assert.Equal(
            [("NormalClose", 900, 900, ShareChange.More), ("IdleTimeout", 40, 36, ShareChange.None), ("SilentDrop", 5, 60, ShareChange.Less), ("MiddleboxReset", 2, 0, ShareChange.New), ("StalePortReuse", 0, 4, ShareChange.None)],
            lines.Where(l => l.Group == SummaryGroup.Cause).Select(l => (l.Name, l.Count, l.ReferenceCount!.Value, l.Change)));
        Assert.Equal((947L, 1000L, 1.0), (lines[0].Count, lines[0].ReferenceCount!.Value, lines[0].ReferenceShare!.Value));
        Assert.Equal(0.06, lines.Single(l => l.Name == "SilentDrop").ReferenceShare);
        Assert.All(lines.Where(l => l.Group > SummaryGroup.Cause), l => Assert.Null(l.ReferenceCount));
    }

    [Theory]
    [InlineData("""[{"Group":0,"Name":"Connections","Count":3},{"Group":1,"Name":"SilentDrop","Count":3}]""")] // ConvertTo-Json without -EnumsAsStrings
    [InlineData("\uFEFF[\r\n {\"Group\":\"Total\",\"Name\":\"Connections\",\"Count\":3},\r\n {\"Group\":\"Cause\",\"Name\":\"SilentDrop\",\"Count\":3,\"Examples\":[{}]}\r\n]\r\n")]
    [InlineData("{\"Count\":3,\"Group\":\"Total\"}{\"Name\":\"SilentDrop\",\"Group\":\"Cause\",\"Count\":3}\n\n")]
    public void A_summary_is_read_as_lines_or_as_an_array(string json)
    {
        SummaryReference reference = Parse(json);
        Assert.Equal(3, reference.Connections);
        Assert.Equal(3, Tally((Cause.SilentDrop, 1)).Summarize(10, reference).Single(l => l.Group == SummaryGroup.Cause).ReferenceCount);
    }

    [Theory]
    [InlineData("", "not a complete summary")]
    [InlineData("Group,Name,Count", "not a summary in JSON")]
    [InlineData("{\"Group\":\"Total\",\"Count\":3}", "not a complete summary")]
    [InlineData("{\"Group\":\"Total\",\"Count\":3}\n{\"Group\":\"Cause\",\"Name\":\"SilentDrop\",\"Count\":2}", "not a complete summary")]
    [InlineData("{\"Group\":\"Total\",\"Count\":\"3\"}", "not a summary in JSON")]
    [InlineData("{\"Group\":\"Cause\",\"Name\":\"Bug\",\"Count\":3}", "unknown Cause 'Bug'")]
    [InlineData("{\"Group\":\"Cause\",\"Count\":3}", "a line has no Name")]
    [InlineData("[1]", "not a summary in JSON")]
    [InlineData("{\"Group\":\"Total\",\"Count\":3", "not a summary in JSON")]
    [InlineData("{\"Path\":\"x.pcap\",\"Stream\":0,\"Cause\":\"NormalClose\"}", "a line has no Count")] // records, not their summary
    public void A_file_that_is_not_a_summary_is_refused(string json, string reason) =>
        Assert.Matches($"^name: (not a summary in JSON: )?{reason}", Assert.Throws<SummaryReferenceException>(() => Parse(json)).Message);

    [Theory]
    [InlineData("/no/such/file", "no such file")]
    [InlineData("/", "a directory")]
    [InlineData("/dev/zero", "the file is larger than 16 MiB")]
    public void A_file_that_cannot_be_read_is_named(string path, string reason) =>
        Assert.StartsWith($"{path}: {reason}", Assert.Throws<SummaryReferenceException>(() => SummaryReference.Read(path)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("SilentDrop", "SilentDrop: 3 connections, accepted 0")]
    [InlineData("silentdrop:2", "silentdrop: 3 connections, accepted 2")]
    [InlineData("SilentDrop:3", null)]
    [InlineData("*Reset", "*Reset: 1 connection, accepted 0")]
    [InlineData("*e*:3", "*e*: 4 connections, accepted 3")]
    [InlineData("HealthProbe", null)]
    public void A_threshold_is_exceeded_by_more_connections_than_accepted(string text, string? message)
    {
        CauseThreshold threshold = CauseThreshold.Read(text, out string problem)!;
        Assert.Equal("", problem);
        Assert.Equal(message, threshold.Check(Tally((Cause.SilentDrop, 3), (Cause.MiddleboxReset, 1))));
    }

    [Theory]
    [InlineData("", "unknown cause ''; valid: AbortiveClose, ")]
    [InlineData("Bug", "unknown cause 'Bug'; valid: AbortiveClose, ")]
    [InlineData("3", "unknown cause '3'")]
    [InlineData("SilentDrop:", "'' is not a whole number of connections")]
    [InlineData("SilentDrop:-1", "'-1' is not a whole number of connections")]
    [InlineData("SilentDrop:1:2", "'1:2' is not a whole number of connections")]
    public void A_text_that_is_not_a_threshold_is_refused(string text, string expected)
    {
        Assert.Null(CauseThreshold.Read(text, out string problem));
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    private static SummaryReference Parse(string json) => SummaryReference.Parse(Encoding.UTF8.GetBytes(json), "name");

    private static CloseTally Tally(params (Cause Cause, int Count)[] causes)
    {
        CloseTally tally = new();
        foreach ((Cause cause, int count) in causes)
        {
            for (int i = 0; i < count; i++)
                tally.Add(CloseTallyTests.Saved("10.0.0.1", "10.0.0.2", cause, CloseState.TimedOut));
        }

        return tally;
    }
}
