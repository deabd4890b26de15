using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A program that SIGPIPE ends writes no message: the record must have it, for a socket. On a pipe it is the normal end of a writer.</summary>
public sealed class PipeSignalTextTests
{
    private const string Ends = "SIGPIPE, which ends a program that does not handle it, without a message (status 141).";
    private const string Ignore = "Ignore SIGPIPE, or send with MSG_NOSIGNAL";

    [Theory]
    [InlineData(TracedKind.Tcp, false, true)]
    [InlineData(TracedKind.Unix, false, true)]
    [InlineData(TracedKind.Tcp, true, false)]
    [InlineData(TracedKind.Pipe, false, false)]
    public void Explanation_and_advice_have_SIGPIPE_if_it_may_have_ended_the_program(object kind, bool isIgnored, bool isNamed)
    {
        FailedCall call = new()
        {
            Time = 0,
            Direction = CallDirection.Write,
            Kind = (TracedKind)kind,
            Errno = 32,
            Thread = 812,
            Process = new ProcessInfo(812, "server", null, null),
            Signal = new SignalSent(default, Signal: 13, Code: 0, Target: 812, TargetName: "server", IsToProcess: false, isIgnored),
        };
        TracedCause cause = new(Cause.WriteAfterPeerClose, Confidence.High, "No process has the read end of the pipe open any more.");
        Assert.Equal(isNamed, TracedExplanation.Of(call, "EPIPE", first: null, abort: null, cause).EndsWith(Ends, StringComparison.Ordinal));
        Assert.Equal(isNamed, TracedAdvice.Of(call, cause.Cause).StartsWith(Ignore, StringComparison.Ordinal));
        Assert.DoesNotContain("SIGPIPE", TracedExplanation.Of(call with { Signal = null }, "EPIPE", first: null, abort: null, cause), StringComparison.Ordinal);
    }
}
