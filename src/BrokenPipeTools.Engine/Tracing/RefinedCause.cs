using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tracing;

/// <summary>Combines the two causes of one connection. The kernel's events prove a mechanism; the packets show its context.</summary>
internal static class RefinedCause
{
    /// <summary>Returns whether the kernel's events see a context as this mechanism. Only packets and times prove the context.</summary>
    public static bool IsMechanismOf(Cause context, Cause mechanism) => (context, mechanism) is
        (Cause.EarlyResponse, Cause.UnreadDataDiscarded)
        or (Cause.IdleTimeout or Cause.HealthProbe, Cause.AbortiveClose)
        or (Cause.StateExpired, Cause.MiddleboxReset or Cause.SilentDrop) // a device without an entry for the connection resets it or drops its packets
        or (Cause.NormalClose, Cause.HalfClose); // a write after both ends have shut down

    /// <summary>
    /// Returns the combined cause. If both causes agree, it is certain. A context is used only if the kernel's events show its mechanism. Otherwise
    /// the more certain cause is used; if both are equally certain, the cause from the packets.
    /// </summary>
    /// <param name="packets">The packet record of the connection.</param>
    /// <param name="kernel">The cause from the kernel's events.</param>
    /// <param name="kernelConfidence">How certain the kernel's cause is.</param>
    /// <param name="isRepeated">Whether other connections of the capture have the same cause by their packets.</param>
    public static (Cause Cause, Confidence Confidence) Of(ConnectionClose packets, Cause kernel, Confidence kernelConfidence, bool isRepeated)
    {
        if (packets.Cause == kernel)
            return (kernel, kernelConfidence > packets.Confidence ? kernelConfidence : packets.Confidence);
        bool isContext = IsMechanismOf(packets.Cause, kernel) && (packets.Cause != Cause.HealthProbe || isRepeated); // a single connection that its client aborts early may only look like a probe
        if (isContext && packets.Cause == Cause.EarlyResponse && kernelConfidence == Confidence.High)
            return (packets.Cause, Confidence.High); // the packets contain the answer, and the kernel proves that data were unread
        bool isKernelSurer = kernelConfidence > packets.Confidence || kernelConfidence == Confidence.High || packets.Cause == Cause.Undetermined;
        return isContext || kernel == Cause.Undetermined || !isKernelSurer ? (packets.Cause, packets.Confidence) : (kernel, kernelConfidence);
    }
}
