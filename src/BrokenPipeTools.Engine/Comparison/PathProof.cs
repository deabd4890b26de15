namespace BrokenPipeTools.Comparison;

/// <summary>The strength of the proof that a packet that only one place has was lost or forged.</summary>
internal enum PathProof
{
    /// <summary>The other capture does not cover that time.</summary>
    NotCovered,

    /// <summary>The other capture lacks more packets.</summary>
    MayMiss,

    /// <summary>The other capture covers that time, and may have missed this one packet.</summary>
    Alone,

    /// <summary>The other capture may have ended before, and something else shows it.</summary>
    Weak,

    /// <summary>The other capture covers that time, and something else shows it.</summary>
    Strong,

    /// <summary>The sender of a RST used the connection after it, so it had not sent it.</summary>
    Certain,
}
