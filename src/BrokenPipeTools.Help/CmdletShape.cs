namespace BrokenPipeTools.Help;

/// <summary>The parts of a cmdlet's help that its compiled class has.</summary>
/// <param name="Verb">As in Get-TcpSocket: Get.</param>
/// <param name="Noun">As in Get-TcpSocket: TcpSocket.</param>
/// <param name="ParameterSets">The parameters of each set, without the common ones.</param>
/// <param name="OutputTypes">Full names of the declared types.</param>
internal sealed record CmdletShape(string Verb, string Noun, IReadOnlyList<IReadOnlyList<ParameterShape>> ParameterSets, IReadOnlyList<string> OutputTypes)
{
    public string Name => $"{Verb}-{Noun}";

    /// <summary>Each parameter once. It is required, has a position or takes pipeline input if it does so in any set.</summary>
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
/// <param name="TypeName">Short name of its type, of a nullable type the one inside.</param>
internal sealed record ParameterShape(string Name, string TypeName)
{
    public bool IsSwitch { get; init; }

    public bool IsArray { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>From 0; null if it is bound by name only.</summary>
    public int? Position { get; init; }

    public bool FromPipeline { get; init; }

    public bool FromPipelineByName { get; init; }

    public bool AllowsWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The value of the parameter in a new instance of the cmdlet; null if it has none.</summary>
    public string? DefaultValue { get; init; }
}
