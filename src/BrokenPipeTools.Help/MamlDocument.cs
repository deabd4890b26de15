using System.Xml.Linq;

namespace BrokenPipeTools.Help;

/// <summary>Builds the XML that Get-Help reads (MAML) from the texts of a topic and the shape of its cmdlet.</summary>
internal static class MamlDocument
{
    private static readonly XNamespace Items = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Returns the whole document, in the order given.</summary>
    public static XDocument Build(IEnumerable<(CmdletShape Cmdlet, HelpTopic Topic)> topics) => new(
        new XDeclaration("1.0", "utf-8", null),
        new XComment(" Made by src/BrokenPipeTools.Help from src/BrokenPipeTools/Help/*.md. Change those. "),
        new XElement(Items + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute("xmlns", Items),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            topics.Select(topic => Build(topic.Cmdlet, topic.Topic))));

    private static XElement Build(CmdletShape cmdlet, HelpTopic topic) => new(Command + "command",
        new XElement(Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            Description(topic.Synopsis)),
        Description(topic.Description),
        new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => Syntax(cmdlet, set, [.. topic.Parameters.Select(entry => entry.Title)]))),
        new XElement(Command + "parameters", topic.Parameters.Select(entry => Explained(cmdlet.Parameters.Single(p => p.Name == entry.Title), entry))),
        new XElement(Command + "inputTypes", topic.Inputs.Select(entry => Typed(Command + "inputType", entry))),
        new XElement(Command + "returnValues", topic.Outputs.Select(entry => Typed(Command + "returnValue", entry))),
        new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(topic.Notes))),
        new XElement(Command + "examples", topic.Examples.Select((example, index) => Example(example, index + 1))),
        new XElement(Command + "relatedLinks", topic.Links.Select(link => new XElement(Maml + "navigationLink",
            new XElement(Maml + "linkText", link.Text),
            new XElement(Maml + "uri")))));

    /// <summary>Makes the syntax: positional parameters first, then the mandatory ones, then the others in the order of the file.</summary>
    private static XElement Syntax(CmdletShape cmdlet, IEnumerable<ParameterShape> set, List<string> explained) => new(Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        set.OrderBy(p => p.Position ?? int.MaxValue).ThenBy(p => !p.IsRequired).ThenBy(p => explained.IndexOf(p.Name))
            .Select(p => Parameter(p, null, p.IsSwitch ? null : Value(p))));

    private static XElement Explained(ParameterShape parameter, HelpEntry entry) => Parameter(parameter, Description(entry.Blocks), Value(parameter));

    private static XElement Parameter(ParameterShape p, XElement? description, XElement? value) => new(Command + "parameter",
        new XAttribute("required", p.IsRequired),
        new XAttribute("variableLength", p.IsArray),
        new XAttribute("globbing", p.AllowsWildcards),
        new XAttribute("pipelineInput", PipelineInput(p)),
        new XAttribute("position", p.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", p.Aliases.Count == 0 ? "none" : string.Join(", ", p.Aliases)),
        new XElement(Maml + "name", p.Name),
        description,
        value,
        Type(p.TypeName),
        new XElement(Dev + "defaultValue", p.IsSwitch ? "False" : p.DefaultValue ?? "None"));

    /// <summary>Makes the placeholder of a parameter's argument; a switch needs no argument.</summary>
    private static XElement Value(ParameterShape p) => new(Command + "parameterValue",
        new XAttribute("required", !p.IsSwitch),
        new XAttribute("variableLength", false),
        p.TypeName);

    private static string PipelineInput(ParameterShape p) => (p.FromPipeline, p.FromPipelineByName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static XElement Typed(XName name, HelpEntry entry) => new(name, Type(entry.Title), Description(entry.Blocks));

    /// <summary>Makes an example. Get-Help prints a title unchanged. The empty paragraph separates the next title.</summary>
    private static XElement Example(HelpEntry example, int number) => new(Command + "example",
        new XElement(Maml + "title", $"-------- Example {number}: {example.Title} --------"),
        new XElement(Dev + "code", example.Blocks[0].Text),
        new XElement(Dev + "remarks", Paragraphs(example.Blocks.Skip(1)), new XElement(Maml + "para")));

    private static XElement Description(IEnumerable<HelpBlock> blocks) => new(Maml + "description", Paragraphs(blocks));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<HelpBlock> blocks) => blocks.Select(block => new XElement(Maml + "para", block.Text));

    private static XElement Type(string name) => new(Dev + "type", new XElement(Maml + "name", name));
}
