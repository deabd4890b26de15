using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>Derives the verdict on one connection from its packets at two places.</summary>
/// <param name="paths">The paths of the packets from the client and from the server. Empty if only one place has the connection and this proves
/// nothing.</param>
/// <param name="reason">The reason why packets that only one place has cannot be judged; null if they can be judged.</param>
internal sealed class PairDiagnosis(IReadOnlyList<PacketPath> paths, string? reason)
{
    private readonly List<TracedPacket> _packets = [.. paths.SelectMany(path => path.Trace())];

    public IReadOnlyList<TracedPacket> Packets => _packets;

    public ComparisonVerdict Verdict { get; private set; } = ComparisonVerdict.Undetermined;

    public Confidence Confidence { get; private set; } = Confidence.Low;

    public StepSide? Sender { get; private set; }

    /// <summary>The number of the first lost packet's frame in the capture at the sender's place; null if no packet was lost.</summary>
    public long? FirstLostFrame { get; private set; }

    public string Explanation { get; private set; } = "";

    public PairDiagnosis Decide()
    {
        TracedPacket[] forged = [.. _packets.Where(packet => packet.Fate == PacketFate.Forged)];
        TracedPacket[] unknown = [.. _packets.Where(packet => packet.Fate == PacketFate.Unknown)];
        TracedPacket[] changed = [.. _packets.Where(packet => packet.Fate == PacketFate.Changed)];
        PacketPath? half = paths.FirstOrDefault(path => path.Missing is not null);
        if (paths.Count == 0 || (reason is not null && (forged.Length > 0 || unknown.Length > 0 || changed.Length > 0 || half is not null || _packets.Any(packet => packet.Fate == PacketFate.Lost))))
            return Conclude(ComparisonVerdict.Undetermined, Confidence.Low, null, reason ?? "");
        if (forged.Where(packet => packet.Kind == ObservationKind.Rst).MaxBy(packet => packet.Proof) is { } reset)
            return ConcludeForged(reset, forged);
        if (FindLoss() is { } loss)
            return ConcludeLost(loss);
        if (forged.Length > 0)
            return Conclude(ComparisonVerdict.Rewritten, Confidence.Medium, forged[0].Side, $"A FIN with the {Name(forged[0].Side)}'s address arrived (frame {Number(forged[0].Frame)}), and the {Name(forged[0].Side)} sent payload with its sequence number: a device between the two places closed the connection.");
        if (changed.Length > 0)
            return Conclude(ComparisonVerdict.Rewritten, Confidence.High, OnlySide(changed), $"A device between the two places changes packets: {string.Join("; ", changed.Select(packet => $"the {Name(packet.Side)}'s {Title(packet.Kind)} has {packet.Changes}"))}.");
        if (half is not null)
            return Conclude(ComparisonVerdict.Undetermined, Confidence.Low, half.Side, $"{Number(half.Missing!.Bytes)} bytes of the {Name(half.Side)}{Frame(half.Missing.First?.Frame)} are only in the capture on its own side: {Doubt(half.PayloadProof, "were lost")}.");
        if (unknown.Length > 0)
            return ConcludeUnknown(unknown);
        return Conclude(ComparisonVerdict.Consistent, Confidence.High, null, "Every packet that opens or closes the connection, and all payload, was sent and arrived.");
    }

    private PairDiagnosis ConcludeForged(TracedPacket reset, TracedPacket[] forged)
    {
        bool isBoth = forged.Any(packet => packet.Kind == ObservationKind.Rst && packet.Side != reset.Side);
        string who = Name(reset.Side);
        string what = isBoth
            ? $"RSTs that neither host had sent arrived on both sides (frame {Number(reset.Frame)} with the {who}'s address)"
            : $"A RST with the {who}'s address arrived (frame {Number(reset.Frame)}), and the {who} did not send it";
        string why = reset.Proof switch
        {
            PathProof.Certain => $"; the {who} continued to use the connection",
            PathProof.Weak => $": its TTL is not that of the {who}'s packets. The capture on the {who}'s side ends at about that time",
            _ => "",
        };
        Confidence sure = reset.Proof switch { PathProof.Certain => Confidence.High, PathProof.Strong => Confidence.Medium, _ => Confidence.Low };
        return Conclude(ComparisonVerdict.ForgedReset, sure, isBoth ? null : reset.Side, $"{what}{why}. A device between the two places reset the connection.");
    }

    private PairDiagnosis ConcludeLost(FirstLoss loss)
    {
        FirstLostFrame = loss.Frame;
        string what = loss.Bytes > 0
            ? $"{Number(loss.Bytes)} bytes of the {Name(loss.Side)}{Frame(loss.Frame)} were sent and did not arrive: they were"
            : $"The {Name(loss.Side)}'s {Title(loss.Kind)}{Frame(loss.Frame)} was sent and did not arrive: it was";
        return Conclude(ComparisonVerdict.LostOnPath, Confidence.Medium, loss.Side, $"{what} lost or dropped between the two places.");
    }

    private PairDiagnosis ConcludeUnknown(TracedPacket[] unknown)
    {
        TracedPacket first = unknown.MaxBy(packet => packet.Kind == ObservationKind.Rst)!;
        bool isSent = first.Sent is not null;
        string place = isSent ? "on its own side" : $"on the {Name(first.Side == StepSide.Client ? StepSide.Server : StepSide.Client)}'s side";
        return Conclude(ComparisonVerdict.Undetermined, Confidence.Low, OnlySide(unknown), $"The {Name(first.Side)}'s {Title(first.Kind)} (frame {Number(first.Frame)}) is only in the capture {place}: {Doubt(first.Proof, isSent ? "was lost" : "was forged")}.");
    }

    private static string Doubt(PathProof proof, string otherwise) => proof switch
    {
        PathProof.NotCovered => "the other capture does not cover that time",
        PathProof.MayMiss => "the other capture lacks other packets too",
        _ => $"the other capture continues, and no other packet shows if it {otherwise} or was only not captured there",
    };

    /// <summary>Finds the first loss. If payload and the FIN after it were both lost, the payload is the first loss.</summary>
    private FirstLoss? FindLoss()
    {
        if (paths.FirstOrDefault(path => path is { Missing: not null, PayloadProof: >= PathProof.Strong }) is { } path)
            return new FirstLoss(path.Side, path.Missing!.First?.Frame, path.Missing.Bytes, ObservationKind.Data);
        return _packets.Where(packet => packet.Fate == PacketFate.Lost).OrderBy(packet => packet.Time).FirstOrDefault() is { } lost
            ? new FirstLoss(lost.Side, lost.Frame, 0, lost.Kind)
            : null;
    }

    private PairDiagnosis Conclude(ComparisonVerdict verdict, Confidence confidence, StepSide? sender, string explanation)
    {
        (Verdict, Confidence, Sender, Explanation) = (verdict, confidence, sender, explanation);
        return this;
    }

    private static StepSide? OnlySide(TracedPacket[] packets) => packets.All(packet => packet.Side == packets[0].Side) ? packets[0].Side : null;

    private static string Name(StepSide side) => side == StepSide.Client ? "client" : "server";

    private static string Title(ObservationKind kind) => kind == ObservationKind.SynAck ? "SYN-ACK" : kind.ToString().ToUpperInvariant();

    private static string Frame(long? frame) => frame is { } number ? $" (frame {Number(number)})" : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
