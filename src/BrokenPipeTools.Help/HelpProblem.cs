namespace BrokenPipeTools.Help;

/// <summary>A problem in the help, in the format that MSBuild reports as an error with its file and line.</summary>
/// <param name="File">Path of the Markdown file.</param>
/// <param name="Line">Line in it, from 1.</param>
/// <param name="Message">The problem and the action.</param>
internal sealed record HelpProblem(string File, int Line, string Message)
{
    public override string ToString() => $"{File}({Line}): error HELP: {Message}";
}
