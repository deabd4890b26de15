using System.Text.RegularExpressions;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Lab;

/// <summary>The expected closing of one connection of a scenario, as it is in the packets.</summary>
/// <param name="State">The state at the end.</param>
/// <param name="Sequence">
/// The closing in the form of Sequence. * stands for any packets, | separates alternatives, and a packet in brackets may be missing: an ACK that
/// another segment can carry.
/// </param>
/// <param name="Cause">The expected cause of the diagnosis.</param>
public sealed record ExpectedClose(CloseState State, string Sequence, Cause Cause)
{
    /// <summary>Returns the first difference; null if there is none.</summary>
    internal string? Mismatch(ConnectionClose seen)
    {
        if (seen.State != State)
            return $"stream {seen.Stream} ended {seen.State} ({seen.Sequence}), not {State}";
        string pattern = "^(" + Regex.Escape(Sequence).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\|", "|", StringComparison.Ordinal)
            .Replace(@"\[", "(", StringComparison.Ordinal).Replace("]", ")?", StringComparison.Ordinal).Replace(@"\ ", " ", StringComparison.Ordinal) + ")$";
        return Regex.IsMatch(seen.Sequence, pattern, RegexOptions.CultureInvariant) ? null : $"stream {seen.Stream} closed with {seen.Sequence}, not {Sequence}";
    }
}
