namespace BrokenPipeTools.Diagnosis.History;

/// <summary>
/// Properties that earlier connections share. The counts do not include this connection; they are 0 if no property, or too few connections, agree.
/// </summary>
internal sealed record CloseNeighbors
{
    /// <summary>From this number on, equal values are unlikely to be chance: three unrelated pauses agree in one of a few thousand cases.</summary>
    public const int Telling = 3;

    /// <summary>Connections to the same server endpoint that the same side closed in the same way after the same silence: most of those that it closed after one.</summary>
    public int SameSilence { get; init; }

    /// <summary>Most of those of <see cref="SameSilence"/> had other ages: the silence ended them, not a limit on the connection's age.</summary>
    public bool AgesDiffer { get; init; }

    /// <summary>A connection to that endpoint, or this one, has been silent for longer than that and was not ended by it.</summary>
    public bool LongerSilenceOutlived { get; init; }

    /// <summary>
    /// Connections to the same server endpoint that the same side closed at the same age although their silences were not the same:
    /// most of those that it closed.
    /// </summary>
    public int SameAge { get; init; }

    /// <summary>Seconds from the SYN to the closing; -1 if the SYN was not captured.</summary>
    public double Age { get; init; } = -1;

    /// <summary>Connections that the same host closed within a second of this one, on any port, after different silences, and hardly any just before or after.</summary>
    public int SameSecond { get; init; }

    /// <summary>Bare connects from the same client to the same server endpoint at one period.</summary>
    public int Probes { get; init; }

    /// <summary>That period in seconds.</summary>
    public double Period { get; init; }

    /// <summary>No property is shared.</summary>
    public bool IsEmpty => (SameSilence | SameAge | SameSecond | Probes) == 0;
}
