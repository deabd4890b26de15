using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Reading;

/// <summary>Objects of the pipeline that are packets: each is analyzed as it comes, and those that are none are told of.</summary>
internal sealed class PacketStream(AnalyzerOptions options, Action<ConnectionClose> write, Action<ErrorRecord> complain, CancellationToken cancellation) : IDisposable
{
    /// <summary>What records and messages name in place of a file.</summary>
    public const string Name = "(pipeline)";

    private readonly PacketAnalysis _packets = new(Name, options);

    /// <summary>Takes the next object, and writes the records that are final by it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Take(object? value)
    {
        if (!CapturedPacket.TryRead(value, out CapturedPacket packet, out string? reason))
        {
            _packets.Skip();
            complain(ErrorRecords.InputObjectNotPacket(value, _packets.Packets, reason));
            return;
        }

        _packets.Add(packet.Data, packet.Time, packet.LinkType, packet.OriginalLength);
        while (_packets.TryNext(out ConnectionClose? record, cancellation))
            write(record);
    }

    /// <summary>There are no further packets: the rest can be read as a capture's.</summary>
    public CaptureReading Complete()
    {
        _packets.Complete();
        return new CaptureReading(Name, () => _packets.Analyzer, cancellation);
    }

    public void Dispose() => _packets.Dispose();
}
