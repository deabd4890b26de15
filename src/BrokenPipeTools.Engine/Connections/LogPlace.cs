namespace BrokenPipeTools.Connections;

/// <summary>
/// A place in an <see cref="ObservationLog"/>, or none. It is a type of its own, because an end (0 or 1) and a frame are numbers, too. Places are
/// compared in the order of the log, and none is before all of them.
/// </summary>
internal readonly record struct LogPlace
{
    private readonly int _number; // one more than the index, so that the default value is no place

    /// <param name="index">The index of an observation that is kept; 0 is the oldest.</param>
    public LogPlace(int index) => _number = index + 1;

    /// <summary>No place.</summary>
    public static LogPlace None => default;

    /// <summary>Whether it is a place.</summary>
    public bool Exists => _number > 0;

    /// <summary>The index; -1 for <see cref="None"/>.</summary>
    public int Index => _number - 1;

    public static bool operator <(LogPlace left, LogPlace right) => left._number < right._number;

    public static bool operator >(LogPlace left, LogPlace right) => left._number > right._number;
}
