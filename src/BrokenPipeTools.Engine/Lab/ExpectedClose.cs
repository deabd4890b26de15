using System.Text.RegularExpressions;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Lab;

/// <summary>How a connection of a scenario must look in the packets.</summary>
/// <param name="State">How it stood at the end.</param>
/// <param name="Sequence">
/// The closing in short. <c>*</c> stands for anything, <c>|</c> separates alternatives, and a packet
/// in brackets is optional: an ACK that another segment may carry.
/// </param>
/// <param name="Cause">The expected cause of the diagnosis.</param>
public sealed record ExpectedClose(CloseState State, string Sequence, Cause Cause)
{
    /// <summary>Returns the first difference; null for none.</summary>
    internal string? Mismatch(ConnectionClose seen)
    {
        if (seen.State != State)
            return $"stream {seen.Stream} ended {seen.State} ({seen.Sequence}), not {State}";
        string pattern = "^(" + Regex.Escape(Sequence).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\|", "|", StringComparison.Ordinal)
            .Replace(@"\[", "(", StringComparison.Ordinal).Replace("]", ")?", StringComparison.Ordinal).Replace(@"\ ", " ", StringComparison.Ordinal) + ")$";
        return Regex.IsMatch(seen.Sequence, pattern, RegexOptions.CultureInvariant) ? null : $"stream {seen.Stream} closed with {seen.Sequence}, not {Sequence}";
    }
}
