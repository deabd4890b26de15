namespace BrokenPipeTools.Analysis;

/// <summary>Connections that are passed from one thread to another together.</summary>
/// <param name="Connections">The connections, in order.</param>
/// <param name="Taken">To be completed by the thread that has taken them; null if no thread waits for that.</param>
internal sealed record CloseBatch(List<PendingClose> Connections, TaskCompletionSource? Taken)
{
    public static CloseBatch Empty { get; } = new([], null);
}
