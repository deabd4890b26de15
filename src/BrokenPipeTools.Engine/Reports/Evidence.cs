using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>A frame that proves a cause.</summary>
public sealed class Evidence : INaturalOrder<Evidence>
{
    /// <summary>Wireshark's frame number.</summary>
    public required long Frame { get; init; }

    /// <summary>The time, in UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>The meaning of the frame, in a few words.</summary>
    public required string Shows { get; init; }

    /// <summary>Compares by frame.</summary>
    public int CompareTo(Evidence? other) => other is null
        ? 1
        : Frame.CompareTo(other.Frame) is not 0 and var byFrame ? byFrame : string.CompareOrdinal(Shows, other.Shows);

    /// <summary>Returns the evidence as one line.</summary>
    public override string ToString() => DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"#{Frame} {Shows}"));
}
