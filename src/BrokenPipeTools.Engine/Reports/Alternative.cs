using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Reports;

/// <summary>A cause that the packets do not rule out.</summary>
public sealed class Alternative
{
    /// <summary>The cause.</summary>
    public required Cause Cause { get; init; }

    /// <summary>The reason why it is not ruled out.</summary>
    public required string Why { get; init; }

    /// <summary>Returns the alternative as one line.</summary>
    public override string ToString() => DisplayText.Of($"{Cause}: {Why}");
}
