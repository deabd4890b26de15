using System.IO.Enumeration;

namespace BrokenPipeTools.Closing;

/// <summary>A state at the end of a connection, in one line.</summary>
/// <param name="State">Its name.</param>
/// <param name="Summary">One sentence, for completion.</param>
public sealed record StateSummary(CloseState State, string Summary)
{
    /// <summary>Every state.</summary>
    public static IReadOnlyList<StateSummary> All { get; } = [.. Enum.GetValues<CloseState>().Select(state => new StateSummary(state, Of(state)))];

    /// <summary>Returns the states whose name matches a pattern with * and ?, in any case; none if it is empty. A number is not a name.</summary>
    public static IReadOnlyList<CloseState> Matching(string? pattern) =>
        string.IsNullOrEmpty(pattern) ? [] : [.. Enum.GetValues<CloseState>().Where(state => FileSystemName.MatchesSimpleExpression(pattern, state.ToString()))];

    private static string Of(CloseState state) => state switch
    {
        CloseState.Open => "Nothing closed it before the capture ended.",
        CloseState.Graceful => "Both sides sent FIN, and all payload was acknowledged.",
        CloseState.HalfClosed => "One FIN was delivered; the other side did not close properly.",
        CloseState.Reset => "A RST ended it that the other side had to accept.",
        CloseState.Refused => "The SYN was answered by a RST.",
        CloseState.Unanswered => "The SYN was not answered.",
        CloseState.TimedOut => "Retransmissions or keepalive probes were not acknowledged to the end.",
        CloseState.Evicted => "Given up to stay within the bound on connections.",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
