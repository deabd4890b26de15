using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>
/// Random captures, with everything that can go wrong on a network and in a capture, must give the same results as tshark: the same streams with the
/// same numbers, frames, bytes, FINs and RSTs.
/// </summary>
public sealed class RandomCaptureTests
{
    [TsharkTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Streams_are_those_of_tshark(int seed)
    {
        byte[] capture = new RandomCapture(seed).Make(frames: 3000);
        List<IGrouping<int, TsharkFrame>> expected = [.. Tshark.Read(capture).Where(f => f.Stream is not null && !f.IsQuoted).GroupBy(f => f.Stream!.Value).OrderBy(g => g.Key)];
        List<ConnectionClose> records = [.. Analyze.Bytes(capture).OrderBy(r => r.Stream)];
        Assert.Equal(expected.Select(g => g.Key), records.Select(r => r.Stream));
        Assert.True(records.Count > 100, "the capture is too simple");
        foreach ((IGrouping<int, TsharkFrame> stream, ConnectionClose record) in expected.Zip(records))
            AssertSame([.. stream], record);
    }

    private static void AssertSame(List<TsharkFrame> stream, ConnectionClose record)
    {
        string label = $"stream {record.Stream}: ";
        Assert.Equal(label + (stream.Count, stream[0].Number, stream[^1].Number), label + (record.Packets, record.FirstFrame, record.LastFrame));
        List<TsharkFrame> client = [.. stream.Where(f => f.SourcePort == record.ClientPort)];
        List<TsharkFrame> server = [.. stream.Where(f => f.SourcePort == record.ServerPort)];
        Assert.Equal(label + (client.Count, server.Count), label + (record.ClientPackets, record.ServerPackets));
        Assert.Equal(label + (client.Sum(f => f.Length), server.Sum(f => f.Length)), label + (record.ClientBytes, record.ServerBytes));
        HashSet<long> refused = [.. record.Events.Where(e => e.Kind == ObservationKind.RefusedFin).Select(e => e.Frame)];
        List<TsharkFrame> Taken(List<TsharkFrame> frames) => [.. frames.Where(f => !refused.Contains(f.Number) && (f.Flags & (int)(TcpFlags.Syn | TcpFlags.Rst)) == 0)];
        Assert.Equal(label + (First(Taken(client), TcpFlags.Fin), First(Taken(server), TcpFlags.Fin)), label + (record.ClientFinFrame, record.ServerFinFrame));
        Assert.Equal(label + (First(client, TcpFlags.Rst), First(server, TcpFlags.Rst)), label + (record.ClientResetFrame, record.ServerResetFrame));
        double gap = stream.Zip(stream.Skip(1), (a, b) => b.Time - a.Time).Append(0).Max();
        Assert.Equal(Math.Max(gap, 0), record.MaxGap, precision: 3);
    }

    private static long? First(List<TsharkFrame> frames, TcpFlags flag) => frames.FirstOrDefault(f => (f.Flags & (int)flag) != 0)?.Number;
}
