using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tracing;

/// <summary>Combines the two causes of a connection: the kernel's events prove a mechanism, the packets show its context.</summary>
internal static class RefinedCause
{
    /// <summary>Returns whether the kernel's events show a context, of which packets and times are the proof, as this mechanism.</summary>
    public static bool IsMechanismOf(Cause context, Cause mechanism) => (context, mechanism) is
        (Cause.EarlyResponse, Cause.UnreadDataDiscarded)
        or (Cause.IdleTimeout or Cause.HealthProbe, Cause.AbortiveClose)
        or (Cause.StateExpired, Cause.MiddleboxReset or Cause.SilentDrop) // a device that has no entry resets or drops
        or (Cause.NormalClose, Cause.HalfClose); // a write after both ends have shut down

    /// <summary>Returns the combined cause. If both agree, it is certain; a context needs its mechanism; otherwise the more certain one counts, or else the packets.</summary>
    /// <param name="packets">The connection's record.</param>
    /// <param name="kernel">The cause by the kernel's events.</param>
    /// <param name="kernelConfidence">How certain the cause is.</param>
    /// <param name="isRepeated">Other connections of the capture have the same cause by their packets.</param>
    public static (Cause Cause, Confidence Confidence) Of(ConnectionClose packets, Cause kernel, Confidence kernelConfidence, bool isRepeated)
    {
        if (packets.Cause == kernel)
            return (kernel, kernelConfidence > packets.Confidence ? kernelConfidence : packets.Confidence);
        bool isContext = IsMechanismOf(packets.Cause, kernel) && (packets.Cause != Cause.HealthProbe || isRepeated); // a single connection that its client aborts early only looks like a probe
        if (isContext && packets.Cause == Cause.EarlyResponse && kernelConfidence == Confidence.High)
            return (packets.Cause, Confidence.High); // the answer is in the packets, and the kernel proves the unread rest
        bool isKernelSurer = kernelConfidence > packets.Confidence || kernelConfidence == Confidence.High || packets.Cause == Cause.Undetermined;
        return isContext || kernel == Cause.Undetermined || !isKernelSurer ? (packets.Cause, packets.Confidence) : (kernel, kernelConfidence);
    }
}
