using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Tracing;

/// <summary>Gives the advice for a failed call. It is the advice for the cause, unless the call needs a more specific one.</summary>
internal static class TracedAdvice
{
    /// <summary>The advice for a program that SIGPIPE may have ended. EPIPE reaches the program only without the signal (man 2 send).</summary>
    private const string IgnoreSignal = "Ignore SIGPIPE, or send with MSG_NOSIGNAL: the write then returns EPIPE, and the program can handle it.";

    /// <summary>Returns the advice; empty if no action is needed.</summary>
    public static string Of(FailedCall call, Cause cause)
    {
        string advice = AdviceFor(call, cause);
        return call is { Signal.IsIgnored: false, Kind: not TracedKind.Pipe } ? $"{IgnoreSignal} {advice}".TrimEnd() : advice;
    }

    private static string AdviceFor(FailedCall call, Cause cause) => (call.Kind, cause) switch
    {
        (TracedKind.Pipe, _) => "If the reader ends early on purpose (head, grep -q), nothing is wrong: let the program end without a message on SIGPIPE or EPIPE. Otherwise find out why the reader ended.",
        (TracedKind.Unix, Cause.ConnectionRefused) => "Start the program that receives on that socket.",
        (_, Cause.HalfClose) when call.Direction == CallDirection.Write => "The program wrote after it had shut down its own sending side: write first, or keep the connection open.",
        (_, Cause.Undetermined) when call.Kind == TracedKind.Tcp => "Start the trace before the connection is made, and capture the packets: this kernel does not know why another host sent a RST.",
        _ => CauseAdvice.Of(cause),
    };
}
