using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Reports wrong usage: one line on standard error that mentions the help, and exit code 2. The command is not run.</summary>
internal static class UsageError
{
    /// <summary>The exit code.</summary>
    public const int ExitCode = 2;

    /// <summary>Reports an error that only the command itself can find.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Command command, string problem)
    {
        string name = command is RootCommand ? "brokenpipe" : $"brokenpipe {command.Name}";
        StandardError.WriteLine($"{name}: {problem}; see --help");
        return ExitCode;
    }

    /// <summary>Describes the first error of a command line. Returns null if there is none, or if help, the version or a completion was requested.</summary>
    public static string? Find(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        if (parsed.Action is not (null or ParseErrorAction) && parsed.Action != parsed.CommandResult.Command.Action)
            return null;
        CommandResult command = parsed.CommandResult;
        return OptionSyntax.FindError(parsed, arguments) ?? MissingValue(command) ?? Unmatched(parsed) ?? Missing(command) ?? MissingOption(command) ?? FirstError(parsed);
    }

    /// <summary>Describes an empty value, which usually comes from an unset variable of a script.</summary>
    private static string? MissingValue(CommandResult command)
    {
        foreach (OptionResult option in command.Children.OfType<OptionResult>().Where(option => !option.Implicit))
        {
            if (option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues)
                return $"{option.Option.Name}: a value is missing";
            if (option.Tokens.Any(token => token.Value.Length == 0))
                return $"{option.Option.Name}: the value is empty";
            if (option.Tokens.Count > option.Option.Arity.MaximumNumberOfValues)
                return $"{option.Option.Name}: one value is expected, not {option.Tokens.Count}";
        }

        return null;
    }

    private static string? Unmatched(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is not [{ } first, ..])
            return null;
        return parsed.CommandResult.Command is RootCommand root
            ? $"unknown command '{first}'; {SimilarName.Hint(first, root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name))}".TrimEnd(';', ' ')
            : $"unknown argument '{first}'";
    }

    private static string? Missing(CommandResult result)
    {
        if (result.Command is RootCommand)
            return "a command is missing";
        Argument? missing = result.Command.Arguments.FirstOrDefault(argument => (result.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues);
        return missing is null ? null : $"{missing.Name} is missing";
    }

    private static string? MissingOption(CommandResult result) =>
        result.Command.Options.FirstOrDefault(option => option.Required && result.GetResult(option) is not { Tokens.Count: > 0 }) is { } missing ? $"{missing.Name} is missing" : null;

    private static string? FirstError(ParseResult parsed) => parsed.Errors is [{ } first, ..] ? first.Message.TrimEnd('.', ' ') : null;
}
