namespace BrokenPipeTools.Help;

/// <summary>The parts of a cmdlet's help that come from its compiled class.</summary>
/// <param name="Verb">The verb; for Get-TcpSocket: Get.</param>
/// <param name="Noun">The noun; for Get-TcpSocket: TcpSocket.</param>
/// <param name="ParameterSets">The parameters of each set, without the common ones.</param>
/// <param name="OutputTypes">Full names of the declared types.</param>
internal sealed record CmdletShape(string Verb, string Noun, IReadOnlyList<IReadOnlyList<ParameterShape>> ParameterSets, IReadOnlyList<string> OutputTypes)
{
    public string Name => $"{Verb}-{Noun}";

    /// <summary>The parameters of all sets, each once. A parameter is required, has a position or accepts pipeline input if it does so in any set.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; } =
    [
        .. ParameterSets.SelectMany(set => set).GroupBy(p => p.Name).Select(sets => sets.First() with
        {
            IsRequired = sets.Any(p => p.IsRequired),
            Position = sets.Select(p => p.Position).FirstOrDefault(p => p is not null),
            FromPipeline = sets.Any(p => p.FromPipeline),
            FromPipelineByName = sets.Any(p => p.FromPipelineByName),
        }),
    ];
}

/// <summary>A parameter as PowerShell binds it.</summary>
/// <param name="Name">Name without the hyphen.</param>
/// <param name="TypeName">The short name of its type; for a nullable type, of the type inside.</param>
internal sealed record ParameterShape(string Name, string TypeName)
{
    public bool IsSwitch { get; init; }

    public bool IsArray { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The position, from 0; null if it is bound only by name.</summary>
    public int? Position { get; init; }

    public bool FromPipeline { get; init; }

    public bool FromPipelineByName { get; init; }

    public bool AllowsWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The value of the parameter in a new instance of the cmdlet; null if it has none.</summary>
    public string? DefaultValue { get; init; }
}
