using System.Management.Automation;
using System.Management.Automation.Language;

namespace BrokenPipeTools.Help;

/// <summary>Parses the code of the help with PowerShell's own parser.</summary>
/// <param name="cmdlets">All cmdlets of the module.</param>
internal sealed class CodeChecks(IReadOnlyList<CmdletShape> cmdlets)
{
    /// <summary>Reports code that does not parse, and parameters that a cmdlet of the module does not have.</summary>
    public IEnumerable<HelpProblem> Check(HelpTopic topic) => topic.Examples.SelectMany(example => example.Blocks)
        .Concat(topic.Description)
        .Concat(topic.Parameters.Concat(topic.Inputs).Concat(topic.Outputs).SelectMany(entry => entry.Blocks))
        .Concat(topic.Notes)
        .Where(block => block.Kind == BlockKind.Code)
        .SelectMany(block => Check(block).Select(found => new HelpProblem(topic.File, block.Line + found.Line, found.Message)));

    /// <summary>The line counts from the fence, which is above the first line of the code.</summary>
    private IEnumerable<(int Line, string Message)> Check(HelpBlock block)
    {
        ScriptBlockAst script = Parser.ParseInput(block.Text, out _, out ParseError[] errors);
        return errors.Select(error => (error.Extent.StartLineNumber, $"the code does not parse: {error.Message}"))
            .Concat(script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().SelectMany(Check));
    }

    private IEnumerable<(int Line, string Message)> Check(CommandAst command)
    {
        if (cmdlets.FirstOrDefault(c => c.Name.Equals(command.GetCommandName(), StringComparison.OrdinalIgnoreCase)) is not { } cmdlet)
            return [];
        string[] names = [.. cmdlet.Parameters.SelectMany(p => p.Aliases.Append(p.Name)), .. Cmdlet.CommonParameters];
        return command.CommandElements.OfType<CommandParameterAst>()
            .Where(used => !names.Contains(used.ParameterName, StringComparer.OrdinalIgnoreCase))
            .Select(used => (used.Extent.StartLineNumber, $"{cmdlet.Name} has no parameter '-{used.ParameterName}'; write a full name"));
    }
}
