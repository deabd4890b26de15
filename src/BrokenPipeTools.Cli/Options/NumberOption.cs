using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace BrokenPipeTools.Cli.Options;

/// <summary>
/// Creates options whose value is a number. The format is the same in every culture: a point before the decimals, and no thousands separator.
/// </summary>
internal static class NumberOption
{
    /// <summary>Creates an option for a whole number.</summary>
    /// <param name="name">The name, with the two dashes.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="otherwise">The value if the option is not given.</param>
    /// <param name="aliases">The short forms of the name.</param>
    public static Option<int> Count(string name, string description, int least, int most, int otherwise, params string[] aliases) =>
        Create(name, description, "N", text => Read(text, NumberStyles.Integer, least, most, "a whole number"), otherwise, aliases);

    /// <summary>Creates an option for a time in seconds; a fraction is allowed.</summary>
    /// <param name="name">The name, with the two dashes.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="least">The shortest time.</param>
    /// <param name="most">The longest time.</param>
    /// <param name="otherwise">The time if the option is not given.</param>
    public static Option<double> Seconds(string name, string description, double least, double most, TimeSpan otherwise) =>
        Create(name, description, "S", text => Read(text, NumberStyles.Float, least, most, "a number of seconds"), otherwise.TotalSeconds);

    /// <summary>Creates an option for a time in seconds that has no value if it is not given.</summary>
    public static Option<double?> OptionalSeconds(string name, string description, double least, double most) =>
        Create<double?>(name, description, "S", text => Read(text, NumberStyles.Float, least, most, "a number of seconds"), null);

    /// <summary>Creates an option for a whole number of seconds that has no value if it is not given.</summary>
    public static Option<int?> OptionalWholeSeconds(string name, string description, int least, int most) =>
        Create<int?>(name, description, "S", text => Read(text, NumberStyles.Integer, least, most, "a whole number of seconds"), null);

    /// <summary>Creates an option for a whole number that has no value if it is not given.</summary>
    public static Option<long?> OptionalCount(string name, string description, long least, long most) =>
        Create<long?>(name, description, "N", text => Read(text, NumberStyles.Integer, least, most, "a whole number"), null);

    /// <summary>Creates an option for a number from 0 to 1 that has no value if it is not given.</summary>
    public static Option<double?> OptionalFraction(string name, string description) =>
        Create<double?>(name, description, "P", text => Read(text, NumberStyles.Float, 0.0, 1.0, "a number"), null);

    /// <summary>Creates an option for whole numbers that may be given several times.</summary>
    /// <param name="name">The name, with the two dashes.</param>
    /// <param name="helpName">The name of a value in the help.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    public static Option<int[]> Several(string name, string helpName, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => [.. result.Tokens.Select(token => ReadWhole(result, token, least, most)).OfType<int>()],
    };

    /// <summary>Reads a whole number from an argument. If it is invalid, adds an error to <paramref name="result"/> and returns null.</summary>
    public static int? ReadWhole(ArgumentResult result, Token token, int least, int most)
    {
        (int number, string? problem) = Read(token.Value, NumberStyles.Integer, least, most, "a whole number");
        if (problem is null)
            return number;
        result.AddError($"{result.Argument.Name}: {problem}");
        return null;
    }

    private static (T Number, string? Problem) Read<T>(string text, NumberStyles styles, T least, T most, string kind)
        where T : struct, INumber<T>
    {
        if (!T.TryParse(text, styles, CultureInfo.InvariantCulture, out T number))
            return (number, $"'{text}' is not {kind}{(styles.HasFlag(NumberStyles.AllowDecimalPoint) && text.Contains(',', StringComparison.Ordinal) ? "; write decimals with a point" : "")}");
        return number >= least && number <= most // false for NaN
            ? (number, null)
            : (number, string.Create(CultureInfo.InvariantCulture, $"{text} is out of range, from {least} to {most}"));
    }

    private static Option<T> Create<T>(string name, string description, string helpName, Func<string, (T Number, string? Problem)> read, T otherwise, params string[] aliases)
    {
        Option<T> option = new(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                (T number, string? problem) = read(result.Tokens[0].Value);
                if (problem is not null)
                    result.AddError($"{name}: {problem}");
                return number;
            },
        };
        if (otherwise is not null)
            option.DefaultValueFactory = _ => otherwise;
        return option;
    }
}
