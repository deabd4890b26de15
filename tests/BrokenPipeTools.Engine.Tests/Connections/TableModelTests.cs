using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;
using CsCheck;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>Compares the table with a dictionary, for any segments of a few pairs of ports.</summary>
public sealed class TableModelTests
{
    private const long Second = 1_000_000_000;
    private const long Linger = 10 * Second;
    private const int Ports = 6;
    private const int MostConnections = 4;

    private static readonly Gen<Event> Any = Gen.Select(Gen.Int[0, Ports - 1], Gen.OneOf("SYN", "DATA", "DATA", "RST", "LATE"), Gen.Int[0, 8], (port, kind, seconds) => new Event(port, kind, seconds));

    /// <summary>
    /// Every segment belongs to one record. A record is returned once, and only if its place is needed, a new SYN has replaced it, or it has been
    /// closed for the time in which late segments are accepted.
    /// </summary>
    [Fact]
    public void The_table_returns_the_same_connections_as_a_dictionary() => Any.Array[0, 80].Sample(events =>
    {
        ConnectionTable table = new(MostConnections, Linger, maxLingering: 1000, new ConnectionPool());
        SegmentFlows flows = new();
        SegmentDecoder decoder = new();
        List<Held> held = []; // the least recently active one first
        uint[] initial = new uint[Ports];
        long time = 1_700_000_000 * Second;
        int streams = 0, id = 1;
        foreach (Event drawn in events)
        {
            // If a side sends after its RST, another host sent the RST. No connection begins with a late segment.
            Held? of = held.Find(h => h.Port == drawn.Port);
            Event e = (of, drawn.Kind) switch
            {
                ({ IsClosed: true }, "DATA" or "RST") => drawn with { Kind = "LATE" },
                (null, "LATE") => drawn with { Kind = "DATA" },
                _ => drawn,
            };
            time += (e.Seconds * Second) + 1_000_000;
            List<Held> mayBeFinal = [];
            if (e.Kind == "SYN")
                initial[e.Port] += 1_000_000; // another attempt
            bool isNew = of is null || e.Kind == "SYN";
            if (isNew && of is not null)
            {
                mayBeFinal.Add(of);
                held.Remove(of);
            }

            if (isNew && held.Count == MostConnections)
            {
                mayBeFinal.Add(held[0]);
                held.RemoveAt(0);
            }

            bool ends = e.Kind == "RST";
            Held now = isNew ? new Held(e.Port, streams++, 1, ends, time) : of! with { Segments = of.Segments + 1, IsClosed = of.IsClosed || ends, Last = time };
            held.Remove(of!);
            held.Add(now);

            decoder.Decode(Frame(e, initial[e.Port], (ushort)id++, time), out Segment segment);
            table.Observe(segment, flows.Next(segment));

            while (table.TryTake(out FinalConnection final))
            {
                Held? handed = mayBeFinal.Find(h => h.Stream == final.Connection.Stream);
                if (handed is null)
                {
                    handed = held.Find(h => h.Stream == final.Connection.Stream);
                    Assert.True(handed is { IsClosed: true } && time >= handed.Last + Linger, $"{handed} is final at {time}");
                    held.Remove(handed);
                }

                mayBeFinal.Remove(handed);
                Assert.Equal(handed.Segments, Packets(final.Connection));
            }

            Assert.Empty(mayBeFinal);
            Assert.Equal(held.Count, table.Count);
            Assert.DoesNotContain(held, h => h.IsClosed && time >= h.Last + (2 * Linger));
        }

        table.Flush();
        List<(int, int)> rest = [];
        while (table.TryTake(out FinalConnection final))
            rest.Add((final.Connection.Stream, Packets(final.Connection)));
        Assert.Equal(held.OrderBy(h => h.Stream).Select(h => (h.Stream, h.Segments)), rest);
    });

    private static int Packets(Connection c) => (int)(c.Side(0).Packets + c.Side(1).Packets);

    /// <summary>The client sends all but late segments, each with the next number; a SYN begins 1,000,000 above the last.</summary>
    private static Frame Frame(Event e, uint initial, ushort id, long time)
    {
        (TcpFlags flags, uint sequence) = e.Kind switch
        {
            "SYN" => (TcpFlags.Syn, initial),
            "RST" => (TcpFlags.Rst | TcpFlags.Ack, initial + 1),
            _ => (TcpFlags.Ack, initial + 1),
        };
        bool isLate = e.Kind == "LATE";
        ushort port = (ushort)(PacketScript.FirstClientPort + e.Port);
        TcpPacket ends = new() { SourcePort = port };
        TcpPacket packet = new()
        {
            Source = isLate ? ends.Destination : ends.Source,
            Destination = isLate ? ends.Source : ends.Destination,
            SourcePort = isLate ? ends.DestinationPort : port,
            DestinationPort = isLate ? port : ends.DestinationPort,
            Sequence = isLate ? 900 : sequence,
            Acknowledgment = isLate ? sequence : flags == TcpFlags.Syn ? 0 : 900u,
            IpIdentification = id,
            Flags = flags,
        };
        byte[] data = Wrap.Ethernet(packet.ToIp());
        return new Frame { Number = id, Time = time, LinkType = 1, OriginalLength = data.Length, Data = data };
    }

    private sealed record Event(int Port, string Kind, int Seconds);

    private sealed record Held(int Port, int Stream, int Segments, bool IsClosed, long Last);
}
