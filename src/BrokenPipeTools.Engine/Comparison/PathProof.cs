namespace BrokenPipeTools.Comparison;

/// <summary>How strong the proof is that a packet which only one place has was lost or forged.</summary>
internal enum PathProof
{
    /// <summary>No proof: the other capture does not cover the time of the packet.</summary>
    NotCovered,

    /// <summary>No proof: the other capture lacks more packets.</summary>
    MayMiss,

    /// <summary>Weakest: the other capture covers the time of the packet, but may have missed this one packet.</summary>
    Alone,

    /// <summary>The other capture may have ended before the packet, but another fact supports the conclusion.</summary>
    Weak,

    /// <summary>The other capture covers the time of the packet, and another fact supports the conclusion.</summary>
    Strong,

    /// <summary>The sender of a RST used the connection after the RST, so it had not sent the RST.</summary>
    Certain,
}
