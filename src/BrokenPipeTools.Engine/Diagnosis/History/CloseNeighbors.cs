namespace BrokenPipeTools.Diagnosis.History;

/// <summary>
/// Properties that a connection shares with earlier ones. The counts do not include the connection itself. A count is 0 if too few connections share
/// the property.
/// </summary>
internal sealed record CloseNeighbors
{
    /// <summary>The fewest equal values that are unlikely to be chance: three unrelated pauses are equal in one of a few thousand cases.</summary>
    public const int FewestEqual = 3;

    /// <summary>
    /// The number of connections to the same server endpoint that the same side closed in the same way after the same silence. 0 unless these are
    /// most of the connections that this side closed after a silence.
    /// </summary>
    public int SameSilence { get; init; }

    /// <summary>
    /// Whether most connections of <see cref="SameSilence"/> had different ages. Then the silence ended them, not a limit on the connection's age.
    /// </summary>
    public bool AgesDiffer { get; init; }

    /// <summary>Whether another connection to that endpoint, or this one, was silent for longer than that and was not closed by it.</summary>
    public bool LongerSilenceOutlived { get; init; }

    /// <summary>
    /// The number of connections to the same server endpoint that the same side closed at the same age although their silences were different. 0
    /// unless these are most of the connections that this side closed.
    /// </summary>
    public int SameAge { get; init; }

    /// <summary>Seconds from the SYN to the closing; -1 if the SYN was not captured.</summary>
    public double Age { get; init; } = -1;

    /// <summary>
    /// The number of connections that the same host closed within a second of this one, on any port, after different silences. 0 unless the host
    /// closed hardly any connection shortly before or after.
    /// </summary>
    public int SameSecond { get; init; }

    /// <summary>The number of connections without payload from the same client to the same server endpoint that came at a fixed period.</summary>
    public int Probes { get; init; }

    /// <summary>The fixed period of <see cref="Probes"/>, in seconds.</summary>
    public double Period { get; init; }

    /// <summary>Whether the connection shares no property with earlier ones.</summary>
    public bool IsEmpty => (SameSilence | SameAge | SameSecond | Probes) == 0;
}
