using System.Globalization;
using System.Text.Json.Serialization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>One TCP connection in two captures that were taken at two places, and the conclusion from both.</summary>
public sealed class ConnectionComparison : INaturalOrder<ConnectionComparison>
{
    internal ConnectionComparison(ConnectionClose? reference, ConnectionClose? difference) => (Reference, Difference) = (reference, difference);

    /// <summary>The explanation of the verdict.</summary>
    public required string Explanation { get; init; }

    /// <summary>The conclusion from both captures.</summary>
    public required ComparisonVerdict Verdict { get; init; }

    /// <summary>How certain the verdict is; always Low for <see cref="ComparisonVerdict.Undetermined"/>.</summary>
    public required Diagnosis.Confidence Confidence { get; init; }

    /// <summary>The side whose packets were lost, forged or changed; null if there are none, or if it concerns both sides.</summary>
    public StepSide? Sender { get; init; }

    /// <summary>The frame, in the capture at the sender's place, of the first packet that was lost; null if none was.</summary>
    public long? FirstLostFrame { get; init; }

    /// <summary>
    /// Seconds by which the clock of the other capture is ahead of the reference's. They are computed from SYN and SYN-ACK, on the assumption that
    /// both directions take the same time. Null if no connection shows it.
    /// </summary>
    public double? ClockOffset { get; init; }

    /// <summary>The capture that is nearer to the client: <c>Reference</c> or <c>Difference</c>; null if it is not known.</summary>
    public string? NearClient { get; init; }

    /// <summary>The packets that open and close the connection, by side, in the order in which they were sent.</summary>
    public required RecordList<ComparedPacket> Packets { get; init; }

    /// <summary>The client's address in the reference capture; in the other capture if only that has the connection.</summary>
    public string ClientAddress => Shown.ClientAddress;

    /// <summary>The client's port, from the same capture.</summary>
    public int ClientPort => Shown.ClientPort;

    /// <summary>The server's address, from the same capture.</summary>
    public string ServerAddress => Shown.ServerAddress;

    /// <summary>The server's port, from the same capture.</summary>
    public int ServerPort => Shown.ServerPort;

    /// <summary>Stream number in the reference capture; null if it does not have the connection.</summary>
    public int? ReferenceStream => Reference?.Stream;

    /// <summary>Stream number in the other capture.</summary>
    public int? DifferenceStream => Difference?.Stream;

    // JSON leaves out the two records: the stream numbers above identify them.

    /// <summary>The record of the reference capture; null if it does not have the connection.</summary>
    [JsonIgnore]
    public ConnectionClose? Reference { get; }

    /// <summary>The record of the other capture.</summary>
    [JsonIgnore]
    public ConnectionClose? Difference { get; }

    internal EndpointText ClientEndpoint => Shown.ClientEndpoint;

    internal EndpointText ServerEndpoint => Shown.ServerEndpoint;

    private ConnectionClose Shown => Reference ?? Difference!;

    /// <summary>Compares by the stream numbers of the reference capture, then of the other one.</summary>
    public int CompareTo(ConnectionComparison? other) => other is null
        ? 1
        : (ReferenceStream ?? int.MaxValue, DifferenceStream ?? int.MaxValue).CompareTo((other.ReferenceStream ?? int.MaxValue, other.DifferenceStream ?? int.MaxValue));

    /// <summary>Returns the connection and the verdict as one line.</summary>
    public override string ToString() => DisplayText.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"{ClientEndpoint} > {ServerEndpoint} {Verdict} ({Confidence})"));
}
