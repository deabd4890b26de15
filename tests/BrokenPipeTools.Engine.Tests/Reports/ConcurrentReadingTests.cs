using System.Collections.Concurrent;
using System.Reflection;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Reports;

/// <summary>A record is the same for every thread that reads it, and at every time.</summary>
public sealed class ConcurrentReadingTests
{
    private const int Connections = 20_000;
    private const int Readers = 3;
    private const string Opening = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(5)\nC:ACK\n";

    private static readonly PropertyInfo[] Properties = typeof(ConnectionClose).GetProperties();

    private static readonly string[] Endings = ["S:FIN\nC:ACK\nC:DATA(9)\nS:RST", "S:FIN\nC:FIN\nS:ACK", "S:RST-ACK", "C:DATA(5)\n+3 C:DATA(5) seq=6\nS:RST"];

    [Fact]
    public async Task Threads_that_read_one_record_while_others_are_made_read_the_same()
    {
        byte[] capture = Capture();
        string[] expected = [.. Analyze.Bytes(capture).Select(Describe)];
        ConcurrentQueue<(int At, string Description)> different = new();
        BlockingCollection<(int At, ConnectionClose Record)>[] ways = [.. Enumerable.Range(0, Readers).Select(_ => new BlockingCollection<(int, ConnectionClose)>())];
        Task[] reading = [.. ways.Select(way => Task.Factory.StartNew(() => Read(way, expected, different), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(capture), "test.pcap"));
        for (int at = 0; analyzer.TryNext(out ConnectionClose? record); at++)
            Array.ForEach(ways, way => way.Add((at, record)));
        Array.ForEach(ways, way => way.CompleteAdding());
        await Task.WhenAll(reading);

        Assert.Equal(Connections, expected.Length);
        Assert.Empty(different.Take(3));
    }

    [Fact]
    public void A_record_read_at_the_end_equals_the_one_read_immediately()
    {
        byte[] capture = CaptureBytes.Pcap(PacketScript.Build(new Timeline().Add(0, 3, 42).Add(1, 9, 42).Add(2, 20, 42).Add(3, 31, 42).ToString()), magic: 0xA1B23C4D);
        AnalyzerOptions options = new() { Linger = TimeSpan.FromSeconds(1) };
        List<string> atOnce = [];
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(capture), "test.pcap"), options);
        while (analyzer.TryNext(out ConnectionClose? record))
            atOnce.Add(Describe(record));
        Assert.Equal(atOnce, Analyze.Bytes(capture, options).Select(Describe));
    }

    private static void Read(BlockingCollection<(int At, ConnectionClose Record)> way, string[] expected, ConcurrentQueue<(int, string)> different)
    {
        foreach ((int at, ConnectionClose record) in way.GetConsumingEnumerable())
        {
            string description = Describe(record);
            if (description != expected[at])
                different.Enqueue((at, description));
        }
    }

    /// <summary>Consecutive connections, each with another client address.</summary>
    private static byte[] Capture()
    {
        List<RawFrame>[] kinds = [.. Endings.Select(ending => PacketScript.Build(Opening + ending))];
        List<RawFrame> frames = [];
        for (int i = 0; i < Connections; i++)
        {
            foreach (RawFrame frame in kinds[i % kinds.Length])
            {
                byte[] data = [.. frame.Data];
                bool isFromClient = data[29] == 1; // 10.0.0.1
                data[isFromClient ? 27 : 31] = (byte)(i >> 8);
                data[isFromClient ? 28 : 32] = (byte)i;
                frames.Add(frame with { Data = data, Time = frame.Time + (i * 20_000_000_000L) });
            }
        }

        return CaptureBytes.Pcap(frames, magic: 0xA1B23C4D);
    }

    private static string Describe(ConnectionClose record)
    {
        try
        {
            return string.Join('|', Properties.Select(p => p.GetValue(record) is System.Collections.IEnumerable list and not string ? string.Join(';', list.Cast<object>()) : $"{p.GetValue(record)}"));
        }
        catch (TargetInvocationException e)
        {
            return $"{e.InnerException}";
        }
    }
}
