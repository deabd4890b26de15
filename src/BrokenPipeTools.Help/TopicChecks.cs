using System.Text.RegularExpressions;

namespace BrokenPipeTools.Help;

/// <summary>Compares topics with the compiled cmdlets, in both directions.</summary>
/// <param name="cmdlets">All cmdlets of the module.</param>
/// <param name="hasType">Whether a full type name exists.</param>
/// <param name="commonParameters">Names that every cmdlet has.</param>
internal sealed partial class TopicChecks(IReadOnlyList<CmdletShape> cmdlets, Func<string, bool> hasType, IEnumerable<string> commonParameters)
{
    private readonly HashSet<string> _parameters = [.. cmdlets.SelectMany(c => c.Parameters).SelectMany(p => p.Aliases.Append(p.Name)), .. commonParameters];

    /// <summary>Reports cmdlets without a topic, topics without a cmdlet, and every difference between the two.</summary>
    /// <param name="topics">All topics.</param>
    /// <param name="folder">Folder of the Markdown files: a missing file is reported with this path.</param>
    public IEnumerable<HelpProblem> Check(IReadOnlyList<HelpTopic> topics, string folder)
    {
        foreach (CmdletShape cmdlet in cmdlets.Where(c => !topics.Any(topic => topic.Name == c.Name)))
            yield return new(Path.Combine(folder, cmdlet.Name + ".md"), 1, $"no help for {cmdlet.Name}; write this file");
        foreach (HelpTopic topic in topics)
        {
            foreach (HelpProblem problem in Check(topic))
                yield return problem;
        }
    }

    private IEnumerable<HelpProblem> Check(HelpTopic topic)
    {
        if (cmdlets.FirstOrDefault(c => c.Name == topic.Name) is not { } cmdlet)
            return [new(topic.File, 1, $"unknown cmdlet '{topic.Name}'; name the file and its title after a cmdlet of the module")];
        return CheckTexts(topic)
            .Concat(CheckNames(topic, "parameter", topic.Parameters, [.. cmdlet.Parameters.Select(p => p.Name)]))
            .Concat(CheckNames(topic, "output type", topic.Outputs, cmdlet.OutputTypes))
            .Concat(CheckInputs(topic, cmdlet))
            .Concat(topic.Examples.SelectMany(example => CheckExample(topic, example)))
            .Concat(topic.CodeNames.SelectMany(name => CheckParameters(topic, name)));
    }

    /// <summary>Checks code style that begins with a parameter: each parameter in it must belong to a cmdlet of the module.</summary>
    private IEnumerable<HelpProblem> CheckParameters(HelpTopic topic, CodeName code)
    {
        string[] words = code.Text.Split(' ');
        if (!ParameterName().IsMatch(words[0]))
            return [];
        return words.Where(word => ParameterName().IsMatch(word) && !_parameters.Contains(word[1..])).Select(word => new HelpProblem(topic.File, code.Line, $"no cmdlet of the module has a parameter '{word}'; for one of another command write its name in front"));
    }

    private static IEnumerable<HelpProblem> CheckTexts(HelpTopic topic)
    {
        if (Path.GetFileNameWithoutExtension(topic.File) != topic.Name)
            yield return new(topic.File, 1, $"the title is '{topic.Name}'; name the file and its title after the same cmdlet");
        if (topic.Synopsis.Count != 1)
            yield return new(topic.File, 1, $"the synopsis has {topic.Synopsis.Count} paragraphs; write one");
        if (topic.Description.Count == 0)
            yield return new(topic.File, 1, "the description is empty");
    }

    private static IEnumerable<HelpProblem> CheckNames(HelpTopic topic, string kind, IReadOnlyList<HelpEntry> entries, IReadOnlyList<string> names)
    {
        foreach (HelpEntry entry in entries.Where(entry => !names.Contains(entry.Title)))
            yield return new(topic.File, entry.Line, $"{topic.Name} has no {kind} '{entry.Title}'; remove it");
        foreach (HelpEntry again in entries.GroupBy(entry => entry.Title).SelectMany(same => same.Skip(1)))
            yield return new(topic.File, again.Line, $"{kind} '{again.Title}' comes twice");
        foreach (string missing in names.Where(name => entries.All(entry => entry.Title != name)))
            yield return new(topic.File, entries.Count > 0 ? entries[^1].Line : 1, $"{kind} '{missing}' of {topic.Name} is not explained; add it");
    }

    private IEnumerable<HelpProblem> CheckInputs(HelpTopic topic, CmdletShape cmdlet)
    {
        bool takesInput = cmdlet.Parameters.Any(p => p.FromPipeline || p.FromPipelineByName);
        if (takesInput == topic.Inputs.All(entry => entry.Title == "None"))
            yield return new(topic.File, topic.Inputs.Count > 0 ? topic.Inputs[0].Line : 1, takesInput ? $"{topic.Name} takes pipeline input; name its types" : $"{topic.Name} takes no pipeline input; write '### None'");
        foreach (HelpEntry entry in topic.Inputs.Where(entry => entry.Title != "None" && !hasType(entry.Title)))
            yield return new(topic.File, entry.Line, $"unknown type '{entry.Title}'; write its full name");
    }

    private static IEnumerable<HelpProblem> CheckExample(HelpTopic topic, HelpEntry example)
    {
        if (example.Blocks is not [{ Kind: BlockKind.Code }, ..])
            yield return new(topic.File, example.Line, $"example '{example.Title}' does not begin with its code; write a ```powershell block below the heading");
        else if (example.Blocks.Skip(1).FirstOrDefault(block => block.Kind == BlockKind.Code) is { } second)
            yield return new(topic.File, second.Line, $"example '{example.Title}' has a second block of code; write an example of its own");
    }

    [GeneratedRegex("^-[A-Z][A-Za-z0-9]*$")]
    private static partial Regex ParameterName();
}
