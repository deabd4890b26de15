namespace BrokenPipeTools.Help.Tests;

/// <summary>A text that differs from its cmdlet, or from the form of a topic, is an error with its line.</summary>
public class CheckTests
{
    [Fact]
    public void The_sample_has_no_fault() => Assert.Empty(Sample.Problems(Sample.Text));

    [Theory]
    [InlineData("### -Wait\n\nHow long to wait.\n\n", "", "63: parameter 'Wait' of Get-Sample is not explained; add it")]
    [InlineData("### -Wait", "### -Weight", "35: Get-Sample has no parameter 'Weight'; remove it", "67: parameter 'Wait' of Get-Sample is not explained; add it")]
    [InlineData("### -Wait", "### Wait", "35: 'Wait' is not a parameter; write '### -Wait'")]
    [InlineData("### -Wait\n", "### -Wait\n\nTwice.\n\n### -Wait\n", "39: parameter 'Wait' comes twice")]
    [InlineData("How long to wait.", "", "35: '-Wait' has no text")]
    [InlineData("### System.Version", "### System.Uri", "79: Get-Sample has no output type 'System.Uri'; remove it", "79: output type 'System.Version' of Get-Sample is not explained; add it")]
    [InlineData("### System.String", "### System.Strin", "73: unknown type 'System.Strin'; write its full name")]
    [InlineData("### System.String", "### None", "73: Get-Sample takes pipeline input; name its types")]
    [InlineData("# Get-Sample", "# Get-Other", "1: no help for Get-Sample; write this file", "1: unknown cmdlet 'Get-Other'; name the file and its title after a cmdlet of the module")]
    [InlineData("Gets samples.", "Gets.\n\nSamples.", "1: the synopsis has 2 paragraphs; write one")]
    [InlineData("Gets them.", "", "1: the description is empty")]
    [InlineData("Gets them.", "Gets `-Wat`.", "9: no cmdlet of the module has a parameter '-Wat'; for one of another command write its name in front")]
    [InlineData("Gets them.", "Gets `-Wait 5 -Knd a`.", "9: no cmdlet of the module has a parameter '-Knd'; for one of another command write its name in front")]
    [InlineData("Gets them.", "Gets `Get-Sample -Wat 5`.", "9: Get-Sample has no parameter '-Wat'; write a full name")]
    [InlineData("## NOTES", "## REMARKS", "83: unknown section 'REMARKS'; valid: SYNOPSIS, DESCRIPTION, EXAMPLES, PARAMETERS, INPUTS, OUTPUTS, NOTES, RELATED LINKS", "89: section missing: '## NOTES'")]
    [InlineData("## NOTES", "## OUTPUTS", "83: section 'OUTPUTS' comes twice", "89: section missing: '## NOTES'")]
    [InlineData("# Get-Sample", "Text.", "1: text above the first section; begin with '# <name of the cmdlet>', then '## SYNOPSIS'", "1: no title; begin with '# <name of the cmdlet>'", "1: no help for Get-Sample; write this file", "1: unknown cmdlet ''; name the file and its title after a cmdlet of the module")]
    [InlineData("Gets them.", "### Heading", "9: a heading in 'DESCRIPTION', which has none; write a paragraph", "1: the description is empty")]
    [InlineData("### -Name", "Text.", "27: not below a '###' heading of 'PARAMETERS'; each entry has one", "29: not below a '###' heading of 'PARAMETERS'; each entry has one", "67: parameter 'Name' of Get-Sample is not explained; add it")]
    [InlineData("- [RFC 9293]", "[RFC 9293]", "89: not a list item; write '- [text](target)'")]
    public void A_difference_is_an_error_with_its_line(string old, string changed, params string[] problems) =>
        Assert.Equal(problems, Sample.Problems(Replace(old, changed)));

    [Fact]
    public void Sections_have_one_order() =>
        Assert.Equal(["21: section 'DESCRIPTION' is out of order; the order is SYNOPSIS, DESCRIPTION, EXAMPLES, PARAMETERS, INPUTS, OUTPUTS, NOTES, RELATED LINKS"],
            Sample.Problems(Replace("## DESCRIPTION\n\nGets them.\n\n", "").Replace("## PARAMETERS", "## DESCRIPTION\n\nGets them.\n\n## PARAMETERS", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Get-Sample *", "Get-Sample *\nGet-Sample (", "17: the code does not parse: ")]
    [InlineData("Get-Sample *", "Get-Sample *\n'a' | ForEach-Object { get-sample -Nme a }", "17: Get-Sample has no parameter '-Nme'; write a full name")]
    [InlineData("```powershell", "```text", "13: example 'All of them' does not begin with its code; write a ```powershell block below the heading")]
    [InlineData("```output", "```powershell", "19: example 'All of them' has a second block of code; write an example of its own")]
    [InlineData("None.", "```powershell\n'\n```", "86: the code does not parse: ")]
    public void Code_is_checked_with_its_line(string old, string changed, string problem) =>
        Assert.StartsWith(problem, Sample.Problems(Replace(old, changed))[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("`Get-Sample *, a | Get-Other -Nme b`")]
    [InlineData("`-Wait 5`, `-ge 1` and `--wait`")]
    [InlineData("`Get-Sample`")]
    public void Commands_in_code_style_are_right(string text) => Assert.Empty(Sample.Problems(Replace("Gets them.", text)));

    [Theory]
    [InlineData("Get-Sample -No 1 -Verbose")]
    [InlineData("Get-Other -Nme a")]
    [InlineData("& $command -Nme a")]
    public void Aliases_common_parameters_and_other_commands_are_right(string code) => Assert.Empty(Sample.Problems(Replace("Get-Sample *", code)));

    [Fact]
    public void A_cmdlet_without_a_text_and_a_text_without_a_title_are_errors()
    {
        TopicChecks checks = new(Sample.Cmdlets, _ => true, []);
        Assert.Equal("Help/Stop-Sample.md(1): error HELP: no help for Stop-Sample; write this file".Replace('/', Path.DirectorySeparatorChar), checks.Check([TopicReader.Read("Get-Sample.md", Sample.Text, [])], "Help").Single().ToString());
        Assert.Contains("error HELP: the title is 'Get-Sample'", checks.Check([TopicReader.Read("Get-Samples.md", Sample.Text, [])], "").Last().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_text_is_reported_and_not_more() => Assert.Contains("1: no title; begin with '# <name of the cmdlet>'", Sample.Problems(""));

    private static string Replace(string old, string changed)
    {
        Assert.Contains(old, Sample.Text, StringComparison.Ordinal);
        int place = Sample.Text.IndexOf(old, StringComparison.Ordinal);
        return string.Concat(Sample.Text.AsSpan(0, place), changed, Sample.Text.AsSpan(place + old.Length));
    }
}
