using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>Writes the explanation of a record.</summary>
internal static class TracedExplanation
{
    /// <summary>Returns the explanation: the call, the side that ended the connection, the reason.</summary>
    public static string Of(FailedCall call, string? errno, ClosingAct? first, ClosingAct? abort, TracedCause cause)
    {
        string second = abort is not null && abort.Time != first?.Time ? $"{Ending(call, abort)}" : "";
        return string.Join(' ', new[] { Failure(call, errno), first is null ? "" : Ending(call, first), second, cause.Reason, PipeSignalOf(call) }.Where(sentence => sentence.Length > 0)).Replace(". The first write after that", "; the first write after that", StringComparison.Ordinal);
    }

    /// <summary>
    /// Names SIGPIPE if it may have ended the program: the program then wrote no message (man 7 signal). Empty for a pipe, whose writer is meant to end
    /// like this.
    /// </summary>
    private static string PipeSignalOf(FailedCall call) =>
        call is { Signal.IsIgnored: false, Kind: not TracedKind.Pipe } ? "The write raised SIGPIPE, which ends a program that does not handle it, without a message (status 141)." : "";

    private static string Failure(FailedCall call, string? errno)
    {
        string program = call.Process?.ToString() ?? "A program";
        string target = call.Kind switch
        {
            TracedKind.Pipe => "a pipe",
            TracedKind.Unix => "a Unix socket",
            TracedKind.Tcp when call.Life?.Pair is { } pair => pair.Remote.ToString(),
            TracedKind.Tcp => "a TCP socket",
            _ => "a socket or pipe",
        };
        return call.Direction switch
        {
            CallDirection.Write => $"{program} wrote to {target}: {errno}.",
            CallDirection.Read => $"{program} read from {target}: {errno}.",
            CallDirection.Status => $"{program} read {errno} from its socket to {target} with getsockopt(SO_ERROR), as its next call shows.",
            CallDirection.Connect => $"{program} tried to connect to {target}: {errno}.",
            _ => $"{program} had a connection with {target} that ended abnormally; no call failed.",
        };
    }

    /// <summary>Describes the close that came first. Empty if no program closed, because the cause then contains the reason.</summary>
    private static string Ending(FailedCall call, ClosingAct first)
    {
        if (first is { Side: FailureSide.Network } or { Method: CloseMethod.GaveUp } or { Method: CloseMethod.Unknown, IsReset: true })
            return "";
        string subject = Subject(call, first);
        string act = first switch
        {
            { Method: CloseMethod.Close } or { Method: CloseMethod.Unknown, IsReset: false } => "closed",
            { Method: CloseMethod.Shutdown } => "shut down its sending side",
            { Method: CloseMethod.Abort } => "aborted the connection (SO_LINGER 0)",
            { Method: CloseMethod.ListenerClosed } => "closed its listening socket before it had accepted the connection",
            { Method: CloseMethod.Exit } => "exited",
            { Method: CloseMethod.Killed } => $"was killed by {first.Killer} ({SignalName(first.Signal)})",
            { Method: CloseMethod.Crashed } => $"crashed ({SignalName(first.Signal)})",
            { Method: CloseMethod.Destroyed } => "lost its socket",
            _ => "reset the connection",
        };
        string by = first.Method == CloseMethod.Destroyed ? $": {first.Killer} destroyed it" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{subject} {act} {Seconds(call.Time - first.Time)} earlier ({(first.IsReset ? "RST" : "FIN")}){by}.");
    }

    private static string Subject(FailedCall call, ClosingAct first)
    {
        if (first.Side == FailureSide.Local)
            return first.Process is { } own && own.Id != call.Process?.Id ? $"This end, {own}," : "This end";
        string peer = call.Life?.Role switch { EndpointRole.Client => "The server", EndpointRole.Server => "The client", _ => "The peer" };
        return first.Process is { } process ? $"{peer}, {process}," : peer;
    }

    private static string Seconds(long nanoseconds) => Nanoseconds.ToSeconds(Math.Max(0, nanoseconds)) switch
    {
        >= 10 and var s => string.Create(CultureInfo.InvariantCulture, $"{s:0} s"),
        >= 0.1 and var s => string.Create(CultureInfo.InvariantCulture, $"{s:0.0} s"),
        var s => string.Create(CultureInfo.InvariantCulture, $"{s * 1000:0.0##} ms"),
    };

    private static string SignalName(int signal) => signal switch
    {
        2 => "SIGINT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
    };
}
