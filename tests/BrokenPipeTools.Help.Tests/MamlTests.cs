using System.Diagnostics;
using System.Xml.Linq;

namespace BrokenPipeTools.Help.Tests;

/// <summary>The XML has the texts of the topic and the facts of the compiled cmdlet.</summary>
public class MamlTests
{
    private static readonly XElement Help = Sample.Help(Sample.Text);

    [Theory]
    [InlineData("Name", "required=true position=0 pipeline=True (ByValue) aliases=none globbing=true type=String[] default=None")]
    [InlineData("Id", "required=true position=named pipeline=True (ByPropertyName) aliases=Number, No globbing=false type=Int32 default=None")]
    [InlineData("Wait", "required=false position=named pipeline=False aliases=none globbing=false type=TimeSpan default=00:01:30")]
    [InlineData("Kind", "required=false position=named pipeline=False aliases=none globbing=false type=String[] default=One, Two")]
    [InlineData("Ratio", "required=false position=named pipeline=False aliases=none globbing=false type=Double default=0.5")]
    [InlineData("Limit", "required=false position=named pipeline=False aliases=none globbing=false type=Int32 default=None")]
    [InlineData("Start", "required=false position=named pipeline=False aliases=none globbing=false type=Int32 default=None")]
    [InlineData("Port", "required=false position=named pipeline=False aliases=none globbing=false type=Int32 default=0")]
    [InlineData("All", "required=false position=named pipeline=False aliases=none globbing=false type=SwitchParameter default=False")]
    [InlineData("WhatIf", "required=false position=named pipeline=False aliases=wi globbing=false type=SwitchParameter default=False")]
    public void A_parameter_has_the_facts_of_the_cmdlet(string name, string facts)
    {
        XElement p = Help.Element(Sample.Command + "parameters")!.Elements().Single(p => p.Element(Sample.Maml + "name")!.Value == name);
        Assert.Equal(facts, $"required={p.Attribute("required")!.Value} position={p.Attribute("position")!.Value} pipeline={p.Attribute("pipelineInput")!.Value} aliases={p.Attribute("aliases")!.Value} globbing={p.Attribute("globbing")!.Value} type={p.Element(Sample.Dev + "type")!.Value} default={p.Element(Sample.Dev + "defaultValue")!.Value}");
    }

    [Fact]
    public void A_syntax_line_has_the_parameters_of_its_set_in_the_order_of_the_text() => Assert.Equal(
        ["Name Wait Kind Ratio Limit Start Port All WhatIf Confirm", "Id Wait Kind Ratio Limit Start Port All WhatIf Confirm"],
        Help.Descendants(Sample.Command + "syntaxItem").Select(set => string.Join(' ', set.Elements(Sample.Command + "parameter").Select(p => p.Element(Sample.Maml + "name")!.Value))));

    [Fact]
    public void An_example_has_a_number_its_code_and_its_output()
    {
        XElement example = Help.Descendants(Sample.Command + "example").Single();
        Assert.Equal("-------- Example 1: All of them --------", example.Element(Sample.Maml + "title")!.Value);
        Assert.Equal("Get-Sample *", example.Element(Sample.Dev + "code")!.Value);
        Assert.Equal(["1.0", "Gets all.", ""], example.Element(Sample.Dev + "remarks")!.Elements().Select(para => para.Value));
    }

    /// <summary>Get-Help -Online would open the first address.</summary>
    [Fact]
    public void An_address_is_text_only()
    {
        XElement link = Help.Descendants(Sample.Maml + "navigationLink").Single();
        Assert.Equal("RFC 9293 (https://www.rfc-editor.org/rfc/rfc9293)", link.Element(Sample.Maml + "linkText")!.Value);
        Assert.Equal("", link.Element(Sample.Maml + "uri")!.Value);
    }

    /// <summary>The program as the build starts it.</summary>
    [Fact]
    public void The_program_writes_the_file_or_the_errors()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string text = Path.Combine(folder, "Get-Sample.md"), output = Path.Combine(folder, "help.xml");
            File.WriteAllText(text, Sample.Text.Replace("### -Wait", "### -Weight", StringComparison.Ordinal));
            (int code, string printed) = Run(folder, output);
            Assert.Equal(1, code);
            Assert.Contains($"{text}(35): error HELP: Get-Sample has no parameter 'Weight'; remove it", printed, StringComparison.Ordinal);
            Assert.False(File.Exists(output));

            File.WriteAllText(text, Sample.Text);
            File.WriteAllText(Path.Combine(folder, "Stop-Sample.md"), StopText);
            Assert.Equal((0, ""), Run(folder, output));
            Assert.Equal(["Get-Sample", "Stop-Sample"], XDocument.Load(output).Descendants(Sample.Command + "name").Select(name => name.Value));
            Assert.DoesNotContain("\r", File.ReadAllText(output), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private const string StopText = """
        # Stop-Sample

        ## SYNOPSIS

        Stops samples.

        ## DESCRIPTION

        Stops them.

        ## EXAMPLES

        ## PARAMETERS

        ## INPUTS

        ### None

        Nothing.

        ## OUTPUTS

        ### System.Void

        Nothing.

        ## NOTES

        ## RELATED LINKS

        """;

    private static (int Code, string Printed) Run(string folder, string output)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(HelpTopic).Assembly.Location, typeof(Sample).Assembly.Location, folder, output]) { RedirectStandardOutput = true };
        using Process program = Process.Start(start)!;
        string printed = program.StandardOutput.ReadToEnd();
        program.WaitForExit();
        return (program.ExitCode, printed.Trim());
    }
}
