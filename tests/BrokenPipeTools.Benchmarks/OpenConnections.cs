using System.Globalization;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Benchmarks;

/// <summary>
/// Measures the memory of connections that are open at the same time. Each has made a handshake, sent a request and received the answer. Only the
/// managed heap is measured, so the results do not depend on other activity of the machine.
/// </summary>
internal static class OpenConnections
{
    private const int Success = 0;

    /// <summary>Prints the bytes of one connection, for increasing numbers of open connections.</summary>
    public static int Print()
    {
        Console.WriteLine("| open connections | bytes of one after SYN | after the handshake | after a request and its answer |");
        Console.WriteLine("|--:|--:|--:|--:|");
        foreach (int count in (int[])[10_000, 100_000, 1_000_000])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count:N0} | {Measure(count, 1)} | {Measure(count, 3)} | {Measure(count, 6)} |"));
        return Success;
    }

    private static long Measure(int connections, int segments)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Dialogues source = new(connections, segments);
        using CloseAnalyzer analyzer = new(source, new AnalyzerOptions { MaxConnections = connections * 4 }); // the list for evictions is made when half of this number is reached
        analyzer.TryNext(out _);
        return (source.MemoryAtEnd - before) / connections;
    }

    /// <summary>Makes the same handshake, request and answer on every connection, step by step.</summary>
    private sealed class Dialogues(int connections, int segments) : ICaptureSource
    {
        private static readonly (bool FromServer, TcpFlags Flags, uint Sequence, uint Acknowledgment, int Payload)[] Steps =
        [
            (false, TcpFlags.Syn, 0, 0, 0),
            (true, TcpFlags.Syn | TcpFlags.Ack, 0, 1, 0),
            (false, TcpFlags.Ack, 1, 1, 0),
            (false, TcpFlags.Ack | TcpFlags.Psh, 1, 1, 100),
            (true, TcpFlags.Ack | TcpFlags.Psh, 1, 101, 200),
            (false, TcpFlags.Ack, 101, 201, 0),
        ];

        private readonly byte[] _frame = new byte[FrameBuilder.MaxHeader + FrameBuilder.MaxPayload];

        public string Name => "memory";

        public long Position { get; private set; }

        public long? Length => null;

        public long DroppedFrames => 0;

        /// <summary>The size of the managed heap in bytes when the last frame had been read.</summary>
        public long MemoryAtEnd { get; private set; }

        public bool TryRead(out Frame frame)
        {
            frame = default;
            if (Position == (long)connections * segments)
            {
                MemoryAtEnd = GC.GetTotalMemory(forceFullCollection: true);
                return false;
            }

            int connection = (int)(Position % connections);
            (bool fromServer, TcpFlags flags, uint sequence, uint acknowledgment, int payload) = Steps[Position / connections];
            Endpoint client = new(0, 0x0A000000UL + (uint)connection, 40_000);
            Endpoint server = new(0, 0xC0A80001, 443);
            uint clock = (uint)Position;
            uint client0 = (uint)connection * 0x9E37_79B9; // the initial sequence numbers, which differ between connections
            uint server0 = ~client0;
            int length = FrameBuilder.Write(_frame, new SegmentFields(fromServer ? server : client, fromServer ? client : server, sequence + (fromServer ? server0 : client0), (flags & TcpFlags.Ack) == 0 ? 0 : acknowledgment + (fromServer ? client0 : server0), flags, 502, (ushort)(Position + 1), clock, clock, payload));
            Position++;
            frame = new Frame { Number = Position, Time = Position * Nanoseconds.PerMicrosecond, LinkType = 1, OriginalLength = length, Data = _frame.AsSpan(0, length) };
            return true;
        }

        public void Dispose()
        {
        }
    }
}
