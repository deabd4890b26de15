namespace BrokenPipeTools.Diagnosis.History;

/// <summary>
/// Facts that connections reported before this one have in common. All numbers leave this one out; 0 if nothing is alike, or too few are.
/// </summary>
internal sealed record CloseNeighbours
{
    /// <summary>From so many on, equal values are unlikely to be chance: of three unlike pauses one in a few thousand.</summary>
    public const int Telling = 3;

    /// <summary>Connections to the same server endpoint that the same side closed in the same way after the same silence: most of those that it closed after one.</summary>
    public int SameSilence { get; init; }

    /// <summary>Most of those of <see cref="SameSilence"/> were of other ages: it is the silence that ended them, not a limit on the whole life.</summary>
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

    /// <summary>Connections that the same host closed within a second of this one, on whatever port, out of unlike silences, and no more than that around.</summary>
    public int SameSecond { get; init; }

    /// <summary>Bare connects from the same client to the same server endpoint at one period.</summary>
    public int Probes { get; init; }

    /// <summary>That period in seconds.</summary>
    public double Period { get; init; }

    /// <summary>Nothing is alike: there is nothing to remember.</summary>
    public bool IsEmpty => (SameSilence | SameAge | SameSecond | Probes) == 0;
}
