using System.Text.RegularExpressions;
using System.Xml.Linq;
using BrokenPipeTools.Commands;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Module;

/// <summary>Compares the help that the build has made with the code, in both directions. This model of the code is not the one that the help is made from.</summary>
public class HelpParityTests
{
    private const int FewestExamples = 3;

    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, XElement> Topics = ModuleFiles.Help.Root!.Elements(Command + "command")
        .ToDictionary(c => c.Element(Command + "details")!.Element(Command + "name")!.Value);

    public static TheoryData<string> Cmdlets => [.. CmdletModel.All.Keys];

    [Fact]
    public void Every_cmdlet_has_help_and_every_help_topic_a_cmdlet() =>
        Assert.Equal(CmdletModel.All.Keys.Order(), Topics.Keys.Order());

    /// <summary>
    /// Get-Help -Online opens the address of the cmdlet's HelpUri, or without one the first address of its links: never a page of another project.
    /// </summary>
    /// <summary>The library's names for options that a parameter of another name sets.</summary>
    [Fact]
    public void Errors_of_options_name_parameters_that_exist()
    {
        string[] server = ["Behaviors", "Outage", "AfterTime", "AfterBytes", "AfterRequests", "IdleTimeout", "Interval", "SendsCloseNotify", "Intermediates", "Port", "Upstream", "UseTls", "Per", "Loop", "Probability", "MaxRequests", "MaxConnections", "LogCapacity", "UnixSocketPath", "Toward"];
        string[] probe = ["Probes", "ConnectTimeout", "WaitLimit", "KeepAliveInterval", "Payload", "HttpPath", "UseTls", "Count", "Delay", "ThrottleLimit", "MaxRequests"];
        Assert.All(server, option => Assert.NotNull(typeof(StartBrokenPipeServerCommand).GetProperty(StartBrokenPipeServerCommand.ParameterOf(option)[1..])));
        Assert.All(server, option => Assert.NotNull(typeof(BrokenPipeServerOptions).GetProperty(option)));
        Assert.All(probe, option => Assert.NotNull(typeof(TestTcpTeardownCommand).GetProperty(TestTcpTeardownCommand.ParameterOf(option)[1..])));
        Assert.All(probe, option => Assert.NotNull(typeof(TeardownOptions).GetProperty(option)));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_online_help_is_the_page_of_the_project_or_none(string cmdlet)
    {
        string own = Regex.Match(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "BrokenPipeTools.psd1")), @"ProjectUri\s*=\s*'([^']+)'").Groups[1].Value;
        IEnumerable<string> addresses = Topics[cmdlet].Descendants(Maml + "uri").Select(uri => uri.Value)
            .Concat(CmdletModel.All[cmdlet].Type.GetCustomAttributesData().SelectMany(a => a.NamedArguments).Where(a => a.MemberName == "HelpUri").Select(a => (string)a.TypedValue.Value!))
            .Where(address => address.Length > 0);
        Assert.All(addresses, address => Assert.True(own.Length > 0 && address.StartsWith(own, StringComparison.Ordinal), address));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Cmdlets_of_ours_that_it_names_exist(string cmdlet) =>
        Assert.All(Topics[cmdlet].DescendantNodes().OfType<XText>().SelectMany(text => Regex.Matches(text.Value, @"\b[A-Z][a-z]+-(?:Pcap|BrokenPipe|Tcp)\w*").Select(m => m.Value)), name => Assert.Contains(name, CmdletModel.All.Keys));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameters_are_those_of_the_cmdlet(string cmdlet) =>
        Assert.Equal(CmdletModel.All[cmdlet].Parameters.Keys.Order(), Parameters(cmdlet).Select(NameOf).Order());

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameter_attributes_are_those_of_the_cmdlet(string cmdlet)
    {
        IEnumerable<XElement> inSyntax = Topics[cmdlet].Descendants(Command + "syntaxItem").Elements(Command + "parameter");
        foreach (XElement parameter in Parameters(cmdlet).Concat(inSyntax))
        {
            ParameterModel code = CmdletModel.All[cmdlet].Parameters[NameOf(parameter)];
            Assert.Equal(Describe(code), Describe(parameter));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameters_and_their_types_are_explained(string cmdlet)
    {
        foreach (XElement parameter in Parameters(cmdlet))
        {
            Assert.NotEqual("", parameter.Element(Maml + "description")!.Value.Trim());
            Assert.Equal(CmdletModel.All[cmdlet].Parameters[NameOf(parameter)].TypeName, parameter.Element(Dev + "type")!.Element(Maml + "name")!.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Syntax_has_every_parameter_set_with_its_parameters(string cmdlet)
    {
        CmdletModel code = CmdletModel.All[cmdlet];
        IEnumerable<string> sets = code.ParameterSets.DefaultIfEmpty("");
        IEnumerable<string> expected = sets.Select(set => Line(code.Parameters.Values.Where(p => p.Sets.Any(s => s.Length == 0 || s == set)).Select(p => p.Name)));
        IEnumerable<string> actual = Topics[cmdlet].Descendants(Command + "syntaxItem").Select(s => Line(s.Elements(Command + "parameter").Select(NameOf)));
        Assert.Equal(expected.Order(), actual.Order());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Outputs_are_the_declared_output_types(string cmdlet) =>
        Assert.Equal(CmdletModel.All[cmdlet].OutputTypes.Select(t => t.FullName!).Order(), ReturnValues(cmdlet).Select(r => r.Element(Dev + "type")!.Element(Maml + "name")!.Value).Order());

    /// <summary>Start-BrokenPipeServer explains the server, Get-BrokenPipeServer its log; Stop-BrokenPipeServer points to both.</summary>
    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Outputs_explain_every_member_of_the_record_and_no_other(string cmdlet)
    {
        Type[] explains = cmdlet switch
        {
            "Get-BrokenPipeServer" => [typeof(ServedConnection)],
            "Stop-BrokenPipeServer" or "Export-PcapConnectionClose" => [], // nothing, or a file
            _ => [CmdletModel.All[cmdlet].OutputTypes.Single(type => type != typeof(bool))], // a bool has no members to explain
        };
        IEnumerable<string> explained = ReturnValues(cmdlet).First().Descendants(Maml + "para")
            .Select(p => Regex.Match(p.Value, @"^(?<names>\w+(, \w+)*): \S"))
            .Where(m => m.Success)
            .SelectMany(m => m.Groups["names"].Value.Split(", "));
        Assert.Equal(explains.SelectMany(t => t.GetProperties()).Select(p => p.Name).Order(), explained.Order());
    }

    [Fact]
    public void Help_explains_every_ending_and_every_behavior_in_its_sentence()
    {
        string endings = ReturnValues("Get-BrokenPipeServer").Single().Value;
        Assert.All(Enum.GetNames<ServedEnding>(), name => Assert.Matches($@"\b{name}\b", endings));
        string behaviors = Parameters("Start-BrokenPipeServer").Single(p => NameOf(p) == "Behavior").Value;
        Assert.All(ServerBehaviors.All, b => Assert.Contains($"{b.Behavior}: {b.Summary}", behaviors, StringComparison.Ordinal));
    }

    [Fact]
    public void Notes_list_every_error_id_of_servers()
    {
        string notes = Topics["Start-BrokenPipeServer"].Element(Maml + "alertSet")!.Value;
        Assert.All(Enum.GetNames<ServerProblemId>(), id => Assert.Contains(id, notes, StringComparison.Ordinal));
        Assert.All(new[] { "Get-BrokenPipeServer", "Stop-BrokenPipeServer" }, c => Assert.Contains("ServerNotFound", Topics[c].Element(Maml + "alertSet")!.Value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-PcapConnectionClose", "Events", typeof(CloseEvent))]
    [InlineData("Get-PcapConnectionClose", "Errors", typeof(SideErrors))]
    [InlineData("Get-PcapConnectionClose", "Evidence", typeof(Evidence))]
    [InlineData("Get-PcapConnectionClose", "Alternatives", typeof(Alternative))]
    [InlineData("Invoke-BrokenPipeScenario", "Steps", typeof(SocketStep))]
    [InlineData("Test-TcpTeardown", "Steps", typeof(SocketStep))]
    [InlineData("Test-TcpTeardown", "Alternatives", typeof(Alternative))]
    public void Outputs_explain_every_member_of_nested_objects(string cmdlet, string property, Type rung)
    {
        string events = ReturnValues(cmdlet).Descendants(Maml + "para").Select(p => p.Value).Single(t => t.StartsWith($"{property}:", StringComparison.Ordinal));
        Assert.All(rung.GetProperties(), p => Assert.Matches($@"\b{p.Name}\b", events));
    }

    [Fact]
    public void Outputs_have_one_line_per_cause_with_the_sentence_of_its_rule()
    {
        IEnumerable<string> lines = ReturnValues("Get-PcapConnectionClose").Single().Descendants(Maml + "para").Select(p => p.Value).Where(t => t.StartsWith("- ", StringComparison.Ordinal));
        Assert.Equal(CauseCatalog.All.Select(rule => $"- {rule.Cause}: {rule.Summary}").Order(), lines.Order());
    }

    [Theory]
    [InlineData("Get-PcapConnectionClose", typeof(ConnectionClose))]
    [InlineData("Get-BrokenPipeScenario", typeof(ScenarioInfo))]
    [InlineData("Test-TcpTeardown", typeof(TeardownTest))]
    public void Outputs_explain_every_value_of_the_enums(string cmdlet, Type record)
    {
        string text = ReturnValues(cmdlet).First().Value;
        IEnumerable<Type> enums = record.GetProperties().Select(p => Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType).Where(t => t.IsEnum && !IsSharedWith(record, t));
        Assert.All(enums.SelectMany(Enum.GetNames), name => Assert.Matches($@"\b{name}\b", text));
    }

    /// <summary>Get-PcapConnectionClose explains the causes, and Test-TcpTeardown points there.</summary>
    private static bool IsSharedWith(Type record, Type type) => record == typeof(TeardownTest) && type == typeof(Cause);

    [Fact]
    public void Help_has_every_probe_with_its_sentence()
    {
        string probes = Parameters("Test-TcpTeardown").Single(p => NameOf(p) == "Probe").Value;
        Assert.All(TeardownProbes.All, probe => Assert.Contains($"{probe.Probe}: {probe.Summary}", probes, StringComparison.Ordinal));
        string notes = Topics["Test-TcpTeardown"].Element(Maml + "alertSet")!.Value;
        Assert.All(new[] { "TeardownOptionInvalid", "ComputerNameInvalid", "TimerFileInvalid" }, id => Assert.Contains(id, notes, StringComparison.Ordinal));
    }

    [Fact]
    public void Notes_list_every_error_id()
    {
        string notes = Topics["Get-PcapConnectionClose"].Element(Maml + "alertSet")!.Value;
        IEnumerable<string> ofCaptures = Enum.GetNames<CaptureProblemId>().Except([nameof(CaptureProblemId.CaptureTruncated), nameof(CaptureProblemId.CaptureOutOfOrder), nameof(CaptureProblemId.CaptureChanged)]);
        Assert.All(ofCaptures.Concat(["NotFileSystemPath", "StandardInputIsTerminal", "InputObjectNotPacket"]), id => Assert.Contains(id, notes, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-BrokenPipeScenario", "ScenarioNotFound")]
    [InlineData("Invoke-BrokenPipeScenario", "ScenarioNotFound", "CaptureWriteFailed", "NotFileSystemPath")]
    [InlineData("Export-PcapConnectionClose", "ExportFormatUnknown", "CaptureChanged", "CaptureFileExists", "CaptureWriteFailed", "NotFileSystemPath")]
    public void Notes_of_others_list_their_error_ids(string cmdlet, params string[] ids) =>
        Assert.All(ids, id => Assert.Contains(id, Topics[cmdlet].Element(Maml + "alertSet")!.Value, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Examples_are_enough_and_show_output(string cmdlet)
    {
        XElement[] examples = Topics[cmdlet].Descendants(Command + "example").ToArray();
        Assert.True(examples.Length >= FewestExamples);
        Assert.All(examples, e =>
        {
            Assert.NotEqual("", e.Element(Dev + "code")!.Value.Trim());
            Assert.True(e.Element(Dev + "remarks")!.Elements(Maml + "para").Count(p => p.Value.Trim().Length > 0) >= 2, "output, then a sentence on it");
        });
    }

    private static IEnumerable<XElement> Parameters(string cmdlet) => Topics[cmdlet].Element(Command + "parameters")!.Elements(Command + "parameter");

    private static IEnumerable<XElement> ReturnValues(string cmdlet) => Topics[cmdlet].Element(Command + "returnValues")!.Elements(Command + "returnValue");

    private static string NameOf(XElement parameter) => parameter.Element(Maml + "name")!.Value;

    private static string Line(IEnumerable<string> names) => string.Join(' ', names.Order());

    private static string Describe(ParameterModel p) =>
        $"{p.Name}: required={p.Required} position={p.Position} pipeline={p.PipelineInput} aliases={p.Aliases} globbing={p.Globbing}";

    private static string Describe(XElement p) =>
        $"{NameOf(p)}: required={bool.Parse(p.Attribute("required")!.Value)} position={p.Attribute("position")!.Value} pipeline={p.Attribute("pipelineInput")!.Value} aliases={p.Attribute("aliases")!.Value} globbing={bool.Parse(p.Attribute("globbing")!.Value)}";
}
