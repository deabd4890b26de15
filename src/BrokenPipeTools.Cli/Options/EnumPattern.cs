using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Creates options whose values are names of an enum, with the wildcards * and ?.</summary>
internal static class EnumPattern
{
    /// <summary>Creates an option that may be given several times.</summary>
    /// <param name="name">The name, with the two dashes.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="kind">The kind of thing that the names mean, for the error message, such as cause.</param>
    /// <param name="all">Every value, with its description in completions.</param>
    /// <param name="matching">Returns the values that match a pattern.</param>
    public static Option<T[]> Create<T>(string name, string description, string kind, IReadOnlyList<(T Value, string Summary)> all, Func<string?, IReadOnlyList<T>> matching)
        where T : struct, Enum
    {
        Option<T[]> option = new(name) { HelpName = kind.ToUpperInvariant(), Description = description, CustomParser = Parse };
        option.CompletionSources.Add(_ => all.Select(one => new CompletionItem(one.Value.ToString(), detail: one.Summary)));
        return option;

        T[] Parse(ArgumentResult result)
        {
            foreach (Token token in result.Tokens.Where(token => matching(token.Value).Count == 0))
                result.AddError($"{name}: {SimilarName.Describe(kind, token.Value, [.. all.Select(one => one.Value.ToString())])}");
            return [.. result.Tokens.SelectMany(token => matching(token.Value)).Distinct()];
        }
    }
}
