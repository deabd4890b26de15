using BrokenPipeTools.Testing.Cases;

namespace BrokenPipeTools.Tests.Cases;

/// <summary>A mistake in a file of tests/cases is reported with its line, and an update changes only the expected records.</summary>
public sealed class PacketCaseFileTests
{
    private const string File = """
        # closes

        begin Handshake
        C:SYN
        S:SYN-ACK
        C:ACK

        # of the server
        case the server closes
        Handshake
        S:FIN
        # nothing else
        -> HalfClosed by Server: S:FIN
        -> HalfClose (Low)

        case the server resets
        Handshake
        S:RST-ACK
        -> Reset by Server: S:RST
        """;

    [Fact]
    public void A_case_has_its_script_with_the_beginning_and_its_expected_record()
    {
        PacketCaseFile file = PacketCaseFile.Parse("x.pkt", File);

        Assert.Empty(file.Problems);
        Assert.Equal(["the server closes", "the server resets"], file.Cases.Select(c => c.Title));
        PacketCase first = file.Cases[0];
        Assert.Equal(("x.pkt", 9, 13, "C:SYN\nS:SYN-ACK\nC:ACK\nS:FIN"), (first.File, first.Line, first.ExpectedLine, first.Script));
        Assert.Equal(["HalfClosed by Server: S:FIN", "HalfClose (Low)"], first.Expected);
    }

    [Theory]
    [InlineData("case one\nC:SYN\nC:SIN\n-> x", "x.pkt:3: 'C:SIN' is neither a segment nor the name of a beginning above")]
    [InlineData("case one\nC:SYN windows=0\n-> x", "x.pkt:2: 'C:SYN windows=0' is neither a segment nor the name of a beginning above")]
    [InlineData("case one\nHandshake\nC:SYN\n-> x\n\nbegin Handshake\nC:SYN", "x.pkt:2: 'Handshake' is neither a segment nor the name of a beginning above")]
    [InlineData("case one\nC:SYN", "x.pkt:1: 'one' has no expected record; run the tests with UPDATE_EXPECTED=1")]
    [InlineData("case one\n-> x", "x.pkt:1: there is no segment; write some below the heading")]
    [InlineData("case one\nC:SYN\n-> x\nS:SYN-ACK", "x.pkt:4: 'S:SYN-ACK' follows the expected record; move it above the record")]
    [InlineData("C:SYN\n-> x", "x.pkt:1: 'C:SYN' is not a heading; write 'case' and a title above it")]
    [InlineData("begin A\nC:SYN\n\nbegin A\nC:SYN", "x.pkt:4: 'A' is not a new name of letters and digits; give the beginning another name")]
    [InlineData("begin A\nC:SYN\n-> x", "x.pkt:3: a beginning has no expected record; remove it")]
    public void A_mistake_is_named_with_its_line(string text, string problem) => Assert.Equal([problem], PacketCaseFile.Parse("x.pkt", text).Problems);

    [Theory]
    [InlineData("case one\nC:SYN\n-> x", "case one\nS:RST\n-> x", "title")]
    [InlineData("case one\nC:SYN\n-> x", "case two\n+0.001 C:SYN seq=0\n-> y", "packets")] // 1 ms is the default for a line without a time
    public void Two_cases_with_the_same_title_or_the_same_packets_are_an_error(string first, string second, string same)
    {
        PacketCases cases = PacketCases.Of([PacketCaseFile.Parse("a.pkt", first), PacketCaseFile.Parse("b.pkt", second)]);

        Assert.Equal([$"b.pkt:1: '{cases.All[1].Title}' has the {same} of a.pkt:1, 'one'; remove one of the two or change it"], cases.Problems);
    }

    [Theory]
    [InlineData("the server closes", "-> HalfClosed by Server: S:FIN\n-> HalfClose (Low)")]
    [InlineData("the server resets", "-> Reset by Server: S:RST")]
    public void An_update_changes_the_expected_record_of_one_case(string title, string before)
    {
        string updated = PacketCaseFile.Parse("x.pkt", File).WithExpected(title, ["Open", "StillOpen (High)"]);

        Assert.Equal(File.Replace(before, "-> Open\n-> StillOpen (High)", StringComparison.Ordinal) + "\n", updated);
    }

    [Theory]
    [InlineData("case one\nC:SYN\n\ncase two\nS:RST\n", "case one\nC:SYN\n-> Open\n\ncase two\nS:RST\n")]
    [InlineData("case one\nC:SYN", "case one\nC:SYN\n-> Open\n")]
    public void An_update_adds_a_record_that_is_missing(string before, string after) =>
        Assert.Equal(after, PacketCaseFile.Parse("x.pkt", before).WithExpected("one", ["Open"]));
}
