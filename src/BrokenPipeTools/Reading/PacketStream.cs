using System.Management.Automation;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Reading;

/// <summary>Analyzes each packet of the pipeline when it comes. Objects that are not packets are reported as errors.</summary>
internal sealed class PacketStream(AnalyzerOptions options, Action<ConnectionClose> write, Action<ErrorRecord> complain, CancellationToken cancellation) : IDisposable
{
    /// <summary>The name in records and messages, in place of a file name.</summary>
    public const string Name = "(pipeline)";

    /// <summary>The analysis of the packets so far, for the records that are final only at the end.</summary>
    public PacketAnalysis Packets { get; } = new(Name, options);

    /// <summary>Analyzes the next object, and writes the records that become final.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Take(object? value)
    {
        if (!CapturedPacket.TryRead(value, out CapturedPacket packet, out string? reason))
        {
            Packets.Skip();
            complain(ErrorRecords.InputObjectNotPacket(value, Packets.Packets, reason));
            return;
        }

        Packets.Add(packet.Data, packet.Time, packet.LinkType, packet.OriginalLength);
        while (Packets.TryNext(out ConnectionClose? record, cancellation))
            write(record);
    }

    public void Dispose() => Packets.Dispose();
}
