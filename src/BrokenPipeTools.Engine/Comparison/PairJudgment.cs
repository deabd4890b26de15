using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>Decides what the packets of one connection at two places show together.</summary>
/// <param name="paths">The ways of the packets: from the client, and from the server; empty if it is not known which place is nearer to the client.</param>
/// <param name="reason">Why nothing can be decided; null if something may be.</param>
internal sealed class PairJudgment(IReadOnlyList<PacketPath> paths, string? reason)
{
    private readonly List<TracedPacket> _packets = [.. paths.SelectMany(path => path.Trace())];

    public IReadOnlyList<TracedPacket> Packets => _packets;

    public ComparisonVerdict Verdict { get; private set; } = ComparisonVerdict.Undetermined;

    public Confidence Confidence { get; private set; } = Confidence.Low;

    public StepSide? Sender { get; private set; }

    /// <summary>The frame at the sender's place of what was lost first; null for none.</summary>
    public long? FirstLostFrame { get; private set; }

    public string Explanation { get; private set; } = "";

    public PairJudgment Decide()
    {
        if (reason is not null)
            return Conclude(ComparisonVerdict.Undetermined, Confidence.Low, null, reason);
        TracedPacket[] forged = [.. _packets.Where(packet => packet.Fate == PacketFate.Forged)];
        if (forged.FirstOrDefault(packet => packet.Kind == ObservationKind.Rst) is { } reset)
            return ConcludeForged(reset, forged);
        if (FindLoss() is { } loss)
            return ConcludeLost(loss);
        if (forged.Length > 0)
            return Conclude(ComparisonVerdict.Rewritten, Confidence.Medium, forged[0].Side, $"A FIN in the {Name(forged[0].Side)}'s name arrived (frame {Number(forged[0].Arrived!.Value.Frame)}) that the {Name(forged[0].Side)} did not send: a device between the two places closed the connection.");
        TracedPacket[] changed = [.. _packets.Where(packet => packet.Fate == PacketFate.Changed)];
        if (changed.Length > 0)
            return Conclude(ComparisonVerdict.Rewritten, Confidence.High, OnlySide(changed), $"A device between the two places changes packets: {string.Join("; ", changed.Select(packet => $"the {Name(packet.Side)}'s {packet.Kind} has {packet.Changes}"))}.");
        if (paths.FirstOrDefault(path => path.Missing is not null) is { } half)
            return Conclude(ComparisonVerdict.Undetermined, Confidence.Low, half.Side, $"The last {Number(half.Missing!.Bytes)} bytes of the {Name(half.Side)} are in one capture only, and the other one ends about then, or may have missed packets.");
        TracedPacket[] unknown = [.. _packets.Where(packet => packet.Fate == PacketFate.Unknown)];
        if (unknown.Length > 0)
            return Conclude(ComparisonVerdict.Undetermined, Confidence.Low, OnlySide(unknown), $"The {Name(unknown[0].Side)}'s {unknown[0].Kind} is in one capture only, and the other one does not cover that time, or may have missed packets.");
        return Conclude(ComparisonVerdict.Consistent, Confidence.High, null, "Every packet that opens or closes the connection was sent and arrived, and so did all payload.");
    }

    private PairJudgment ConcludeForged(TracedPacket reset, TracedPacket[] forged)
    {
        bool isBoth = forged.Any(packet => packet.Kind == ObservationKind.Rst && packet.Side != reset.Side);
        bool isSure = isBoth || paths.First(path => path.Side == reset.Side).SenderWentOn(reset.Arrived!.Value);
        string who = Name(reset.Side);
        string what = isBoth
            ? $"RSTs arrived on both sides (frame {Number(reset.Arrived!.Value.Frame)} in the {who}'s name) that neither host had sent"
            : $"A RST in the {who}'s name arrived (frame {Number(reset.Arrived!.Value.Frame)}) that the {who} did not send";
        return Conclude(ComparisonVerdict.ForgedReset, isSure ? Confidence.High : Confidence.Medium, isBoth ? null : reset.Side, $"{what}: a device between the two places reset the connection.");
    }

    private PairJudgment ConcludeLost(FirstLoss loss)
    {
        FirstLostFrame = loss.Frame;
        string frame = loss.Frame is { } number ? $" (frame {Number(number)})" : "";
        string what = loss.Bytes > 0
            ? $"The last {Number(loss.Bytes)} bytes of the {Name(loss.Side)}{frame} were sent and did not arrive: they were"
            : $"The {Name(loss.Side)}'s {loss.Kind}{frame} was sent and did not arrive: it was";
        return Conclude(ComparisonVerdict.LostOnPath, Confidence.Medium, loss.Side, $"{what} lost or dropped between the two places.");
    }

    /// <summary>What was lost first. Payload comes before the FIN that follows it.</summary>
    private FirstLoss? FindLoss()
    {
        if (paths.FirstOrDefault(path => path.IsPayloadLost) is { } path)
            return new FirstLoss(path.Side, path.Missing!.First?.Frame, path.Missing.Bytes, ObservationKind.Data);
        return _packets.Where(packet => packet.Fate == PacketFate.Lost).OrderBy(packet => packet.Time).FirstOrDefault() is { } lost
            ? new FirstLoss(lost.Side, lost.Sent!.Value.Frame, 0, lost.Kind)
            : null;
    }

    private PairJudgment Conclude(ComparisonVerdict verdict, Confidence confidence, StepSide? sender, string explanation)
    {
        (Verdict, Confidence, Sender, Explanation) = (verdict, confidence, sender, explanation);
        return this;
    }

    private static StepSide? OnlySide(TracedPacket[] packets) => packets.All(packet => packet.Side == packets[0].Side) ? packets[0].Side : null;

    private static string Name(StepSide side) => side == StepSide.Client ? "client" : "server";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What was lost first.</summary>
/// <param name="Side">The side that sent it.</param>
/// <param name="Frame">Its frame at the sender's place; null if it was not found.</param>
/// <param name="Bytes">Payload bytes; 0 for a packet that opens or closes.</param>
/// <param name="Kind">What it was.</param>
internal readonly record struct FirstLoss(StepSide Side, long? Frame, long Bytes, ObservationKind Kind);
