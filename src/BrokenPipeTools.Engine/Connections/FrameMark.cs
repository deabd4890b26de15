namespace BrokenPipeTools.Connections;

/// <summary>
/// A frame of a connection, as its distance from the connection's first frame, or none. Frames are compared in the order of the capture, and none is
/// before all of them.
/// </summary>
internal readonly record struct FrameMark
{
    private readonly uint _number; // one more than the distance, so that the default value is no frame

    /// <param name="distance">Frames since the connection's first; at most <see cref="uint.MaxValue"/> - 1.</param>
    public FrameMark(uint distance) => _number = distance + 1;

    /// <summary>No frame.</summary>
    public static FrameMark None => default;

    /// <summary>Whether it is a frame.</summary>
    public bool Exists => _number != 0;

    /// <summary>Frames since the connection's first; meaningless for <see cref="None"/>.</summary>
    public uint Distance => _number - 1;

    /// <summary>Returns the earlier one of two frames; if one of them is none, the other.</summary>
    public static FrameMark Earlier(FrameMark one, FrameMark other) => one.Distance <= other.Distance ? one : other; // none has the largest distance

    public static bool operator <(FrameMark left, FrameMark right) => left._number < right._number;

    public static bool operator >(FrameMark left, FrameMark right) => left._number > right._number;

    public static bool operator <=(FrameMark left, FrameMark right) => left._number <= right._number;

    public static bool operator >=(FrameMark left, FrameMark right) => left._number >= right._number;
}
