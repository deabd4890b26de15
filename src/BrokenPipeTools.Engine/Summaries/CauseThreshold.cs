using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Summaries;

/// <summary>The number of connections with certain causes that is accepted, as in MiddleboxReset (none), SilentDrop:3, *Reset:10.</summary>
internal sealed class CauseThreshold
{
    private readonly IReadOnlyList<Cause> _causes;

    private CauseThreshold(string name, IReadOnlyList<Cause> causes, long most)
    {
        Name = name;
        _causes = causes;
        Most = most;
    }

    /// <summary>The cause, or a pattern for several causes whose connections are counted together.</summary>
    public string Name { get; }

    /// <summary>The number of connections that are accepted.</summary>
    public long Most { get; }

    /// <summary>Reads a threshold. Returns null, and the problem, if the text is not a threshold.</summary>
    public static CauseThreshold? Read(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = "";
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        long most = 0;
        IReadOnlyList<Cause> causes = CauseSummary.Matching(name);
        if (causes.Count == 0)
            problem = SimilarName.Describe("cause", name, [.. CauseSummary.All.Select(one => one.Cause.ToString())]);
        else if (colon >= 0 && !long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out most))
            problem = $"'{text[(colon + 1)..]}' is not a whole number of connections";
        return problem.Length == 0 ? new CauseThreshold(name, causes, most) : null;
    }

    /// <summary>Returns a message if there are more connections than are accepted; otherwise null.</summary>
    public string? Check(CloseTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        long count = tally.CountOf(_causes);
        return count > Most ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {count} {(count == 1 ? "connection" : "connections")}, accepted {Most}") : null;
    }
}
