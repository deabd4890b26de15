using System.CommandLine;
using System.CommandLine.Parsing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Cli.Options;

/// <summary>
/// Finds mistakes in options that the parser accepts. The parser treats an unknown option as an argument, and also the value of an option that takes
/// none.
/// </summary>
internal static class OptionSyntax
{
    private const string EndOfOptions = "--";

    /// <summary>Describes the first mistake; null if there is none.</summary>
    /// <param name="parsed">The command and its options.</param>
    /// <param name="arguments">The command line as it was given.</param>
    public static string? FindError(ParseResult parsed, IEnumerable<string> arguments)
    {
        List<string> values = [.. parsed.CommandResult.Children.OfType<OptionResult>().SelectMany(option => option.Tokens).Select(token => token.Value)];
        Option[] known = [.. parsed.CommandResult.Command.Options, .. parsed.RootCommandResult.Command.Options];
        return arguments
            .TakeWhile(argument => argument != EndOfOptions)
            .Where(argument => argument.Length > 1 && argument[0] == '-' && !values.Remove(argument))
            .Select(argument => argument.StartsWith(EndOfOptions, StringComparison.Ordinal) ? FindErrorInLong(argument, known) : FindErrorInShort(argument, known))
            .FirstOrDefault(error => error is not null);
    }

    /// <summary>Checks --name, --name=value or --name:value.</summary>
    private static string? FindErrorInLong(string argument, Option[] known)
    {
        int end = argument.AsSpan().IndexOfAny('=', ':');
        string name = end < 0 ? argument : argument[..end];
        if (Find(name, known) is not { } option)
            return Unknown(name, known);
        return end < 0 ? null : FindErrorInValue(option, argument[(end + 1)..]);
    }

    /// <summary>Checks short options in one word, such as -6l; the rest of the word belongs to the first option with a value, as in -fcsv.</summary>
    private static string? FindErrorInShort(string argument, Option[] known)
    {
        for (int i = 1; i < argument.Length; i++)
        {
            string name = $"-{argument[i]}";
            if (Find(name, known) is not { } option)
                return Unknown(i == 1 ? argument : name, known);
            string rest = argument[(i + 1)..];
            if (rest is ['=' or ':', ..])
                return FindErrorInValue(option, rest[1..]);
            if (!IsSwitch(option))
                return null;
        }

        return null;
    }

    private static string? FindErrorInValue(Option option, string value) =>
        IsSwitch(option) ? $"{option.Name}: takes no value" : value.Length == 0 ? $"{option.Name}: the value is empty" : null;

    private static string Unknown(string name, Option[] known) =>
        $"unknown option '{name}'; {SimilarName.Hint(name, known.Where(option => !option.Hidden).Select(option => option.Name))}".TrimEnd(';', ' ');

    private static bool IsSwitch(Option option) => option.Arity.MaximumNumberOfValues == 0;

    private static Option? Find(string name, Option[] known) => known.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
}
