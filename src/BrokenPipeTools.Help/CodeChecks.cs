using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Help;

/// <summary>Parses the code of the help with PowerShell's own parser.</summary>
/// <param name="cmdlets">All cmdlets of the module.</param>
internal sealed partial class CodeChecks(IReadOnlyList<CmdletShape> cmdlets)
{
    /// <summary>
    /// Reports code that does not parse, and parameters that a cmdlet of the module does not have, in code blocks and in commands in code style.
    /// </summary>
    public IEnumerable<HelpProblem> Check(HelpTopic topic) => topic.Examples.SelectMany(example => example.Blocks)
        .Concat(topic.Description)
        .Concat(topic.Parameters.Concat(topic.Inputs).Concat(topic.Outputs).SelectMany(entry => entry.Blocks))
        .Concat(topic.Notes)
        .Where(block => block.Kind == BlockKind.Code)
        .Select(block => (block.Text, block.Line))
        .Concat(topic.CodeNames.Where(name => CommandName().IsMatch(name.Text)).Select(name => (name.Text, Line: name.Line - 1)))
        .SelectMany(code => Check(code.Text).Select(found => new HelpProblem(topic.File, code.Line + found.Line, found.Message)));

    /// <summary>Checks code. Its lines count from 1, because the line of the fence before it counts as 0.</summary>
    private IEnumerable<(int Line, string Message)> Check(string code)
    {
        ScriptBlockAst script = Parser.ParseInput(code, out _, out ParseError[] errors);
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

    [GeneratedRegex("^[A-Z][A-Za-z]+-[A-Z]")]
    private static partial Regex CommandName();
}
