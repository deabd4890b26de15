using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tracing;

/// <summary>Combines the two causes of a connection: the kernel's events prove a mechanism, the packets show its context.</summary>
internal static class RefinedCause
{
    /// <summary>Returns the mechanism that the kernel shows for a cause that is a context; the cause itself for all others.</summary>
    public static Cause MechanismOf(Cause cause) => cause switch
    {
        Cause.EarlyResponse => Cause.UnreadDataDiscarded,
        Cause.IdleTimeout or Cause.HealthProbe => Cause.AbortiveClose,
        Cause.StateExpired => Cause.MiddleboxReset,
        Cause.NormalClose => Cause.HalfClose, // a write after both ends have shut down
        _ => cause,
    };

    /// <summary>Returns the combined cause. If both agree, it is certain; a context needs its mechanism; otherwise the more certain one counts, or else the packets.</summary>
    /// <param name="packets">The connection's record.</param>
    /// <param name="kernel">The cause by the kernel's events.</param>
    /// <param name="kernelConfidence">How certain the cause is.</param>
    /// <param name="isRepeated">Other connections of the capture have the same cause by their packets.</param>
    public static (Cause Cause, Confidence Confidence) Of(ConnectionClose packets, Cause kernel, Confidence kernelConfidence, bool isRepeated)
    {
        if (packets.Cause == kernel)
            return (kernel, kernelConfidence > packets.Confidence ? kernelConfidence : packets.Confidence);
        bool isContext = kernel == MechanismOf(packets.Cause) && (packets.Cause != Cause.HealthProbe || isRepeated); // a single connection that its client aborts early only looks like a probe
        if (isContext && packets.Cause == Cause.EarlyResponse && kernelConfidence == Confidence.High)
            return (packets.Cause, Confidence.High); // the answer is in the packets, and the kernel proves the unread rest
        bool isKernelSurer = kernelConfidence > packets.Confidence || kernelConfidence == Confidence.High || packets.Cause == Cause.Undetermined;
        return isContext || kernel == Cause.Undetermined || !isKernelSurer ? (packets.Cause, packets.Confidence) : (kernel, kernelConfidence);
    }
}
