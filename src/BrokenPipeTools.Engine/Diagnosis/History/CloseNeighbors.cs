namespace BrokenPipeTools.Diagnosis.History;

/// <summary>
/// Properties that a connection shares with earlier ones. The counts do not include the connection itself; they are 0 if there is no such property,
/// or too few connections have it.
/// </summary>
internal sealed record CloseNeighbors
{
    /// <summary>The fewest equal values that are unlikely to be chance: three unrelated pauses are equal in one of a few thousand cases.</summary>
    public const int FewestEqual = 3;

    /// <summary>
    /// Connections to the same server endpoint that the same side closed in the same way after the same silence, if these are most of those that it
    /// closed after a silence.
    /// </summary>
    public int SameSilence { get; init; }

    /// <summary>Whether most of <see cref="SameSilence"/> had different ages: then the silence ended them, not a limit on the connection's age.</summary>
    public bool AgesDiffer { get; init; }

    /// <summary>Whether a connection to that endpoint, or this one, was silent for longer than that and was not closed by it.</summary>
    public bool LongerSilenceOutlived { get; init; }

    /// <summary>
    /// Connections to the same server endpoint that the same side closed at the same age although their silences were different, if these are most of
    /// those that it closed.
    /// </summary>
    public int SameAge { get; init; }

    /// <summary>Seconds from the SYN to the closing; -1 if the SYN was not captured.</summary>
    public double Age { get; init; } = -1;

    /// <summary>
    /// Connections that the same host closed within a second of this one, on any port, after different silences, if it closed hardly any shortly
    /// before or after.
    /// </summary>
    public int SameSecond { get; init; }

    /// <summary>Connects without payload from the same client to the same server endpoint at a fixed period.</summary>
    public int Probes { get; init; }

    /// <summary>The period in seconds.</summary>
    public double Period { get; init; }

    /// <summary>Whether no property is shared.</summary>
    public bool IsEmpty => (SameSilence | SameAge | SameSecond | Probes) == 0;
}
