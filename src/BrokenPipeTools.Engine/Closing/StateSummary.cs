using System.IO.Enumeration;

namespace BrokenPipeTools.Closing;

/// <summary>A state of <see cref="CloseState"/> and its description in one line.</summary>
/// <param name="State">The state.</param>
/// <param name="Summary">The description: one sentence, shown in completion.</param>
public sealed record StateSummary(CloseState State, string Summary)
{
    /// <summary>All states, in the order of the enumeration.</summary>
    public static IReadOnlyList<StateSummary> All { get; } = [.. Enum.GetValues<CloseState>().Select(state => new StateSummary(state, Of(state)))];

    /// <summary>
    /// Returns the states whose name matches a pattern. * stands for any characters and ? for one; case does not matter. Returns none if the pattern
    /// is empty or a number.
    /// </summary>
    public static IReadOnlyList<CloseState> Matching(string? pattern) =>
        string.IsNullOrEmpty(pattern) ? [] : [.. Enum.GetValues<CloseState>().Where(state => FileSystemName.MatchesSimpleExpression(pattern, state.ToString()))];

    private static string Of(CloseState state) => state switch
    {
        CloseState.Open => "Neither side closed it before the capture ended.",
        CloseState.Graceful => "Both sides sent FIN, and all payload was acknowledged.",
        CloseState.HalfClosed => "One FIN was delivered; the other side sent no FIN, or its FIN was not acknowledged.",
        CloseState.Reset => "A RST that the other side had to accept ended it.",
        CloseState.Refused => "The SYN was answered by a RST.",
        CloseState.Unanswered => "The SYN was not answered.",
        CloseState.TimedOut => "Retransmissions or keepalive probes were never acknowledged.",
        CloseState.Evicted => "Dropped from memory to stay within the limit on connections.",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
