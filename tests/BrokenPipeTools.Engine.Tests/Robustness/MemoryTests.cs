using System.Buffers.Binary;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>These tests measure the whole process's memory, so no other test may run at the same time.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsAlone;

/// <summary>Memory depends on the open connections, within its bounds; bulk data need no memory. The environment variable FLOWS makes the flood longer.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Fact]
    public void A_flood_of_flows_stays_within_the_bound()
    {
        const int Bound = 10_000;
        int flows = TestSetting.Number("FLOWS") ?? 2_000_000;
        Footprint.Settle();
        long before = GC.GetTotalMemory(forceFullCollection: true); // objects of other tests
        using CloseAnalyzer analyzer = new(new SynFlood(flows), new AnalyzerOptions { MaxConnections = Bound });
        long records = 0;
        long peak = 0;
        while (analyzer.TryNext(out _))
        {
            if (++records % 200_000 == 0)
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(flows, records);
        Assert.Equal(flows - Bound, analyzer.Evicted);
        Assert.True(peak < 32 << 20, $"{peak} bytes are held for {Bound} connections");
    }

    [Fact]
    public void A_bulk_packet_allocates_nothing()
    {
        Bulk source = new(300_000);
        using CloseAnalyzer analyzer = new(source);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(300_000, record.Packets);
        Assert.True(allocated < 16_384, $"{allocated} bytes for 300,000 packets");
    }

    [Fact]
    public void A_quiet_connection_is_small()
    {
        const int Count = 20_000;
        Footprint.Settle();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using CloseAnalyzer analyzer = new(new SynFlood(Count) { HasOneSequence = false });
        Assert.True(analyzer.TryNext(out _)); // the flood is over, and every flow of it is still held
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.True(each < 700, $"{each} bytes a connection");
    }

    [Fact]
    public void Unfinished_datagrams_are_bounded()
    {
        Footprint.Settle();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        SegmentDecoder decoder = new();
        byte[] frame = Wrap.Ethernet(Ip.V4(Ip.A4, Ip.B4, 6, TcpPacket.Bytes(40), fragment: 0x2000));
        for (int i = 0; i < 100_000; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(26), (uint)i); // each from another host
            decoder.Decode(new Frame { Number = i + 1, Time = 0, LinkType = LinkType.Ethernet, OriginalLength = frame.Length, Data = frame }, out _);
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held < 64 << 20, $"{held} bytes are held");
        Assert.Equal(100_000 - 1024, decoder.DatagramsGivenUp);
    }

    /// <summary>Frames that are made when they are read, because no file would be large enough.</summary>
    private abstract class Made(byte[] frame, long count) : ICaptureSource
    {
        protected byte[] Bytes { get; } = frame;

        public string Name => "made";

        public long Position { get; private set; }

        public long? Length => null;

        public long DroppedFrames => 0;

        protected abstract void Next(long number);

        public bool TryRead(out Frame frame)
        {
            frame = default;
            if (Position >= count)
                return false;
            Next(++Position);
            frame = new Frame { Number = Position, Time = Position * Nanoseconds.PerMicrosecond, LinkType = LinkType.Ethernet, OriginalLength = Bytes.Length, Data = Bytes };
            return true;
        }

        public void Dispose()
        {
        }
    }

    private sealed class SynFlood(long count) : Made(Wrap.Ethernet(new TcpPacket { Flags = TcpFlags.Syn }.ToIp()), count)
    {
        /// <summary>All SYNs have one sequence number, like those of a scanner: the connections count as one attempt, which needs more memory.</summary>
        public bool HasOneSequence { get; init; } = true;

        protected override void Next(long number)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(26), (uint)number);
            if (!HasOneSequence)
                BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(38), (uint)number * 0x9E37_79B9);
        }
    }

    private sealed class Bulk(long count) : Made(Wrap.Ethernet(new TcpPacket { Payload = TcpPacket.Bytes(1000) }.ToIp()), count)
    {
        private uint _sequence = 1;

        protected override void Next(long number)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(38), _sequence);
            _sequence += 1000;
        }
    }
}
