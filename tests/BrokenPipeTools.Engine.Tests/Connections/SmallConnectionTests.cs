using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>Values that a connection stores in few bits, or in a separate object, are still exact.</summary>
public sealed class SmallConnectionTests
{
    [Fact]
    public void Bytes_are_counted_beyond_32_bits()
    {
        Side side = default;
        for (int i = 0; i < 5; i++)
            side.Count(new Segment { PayloadLength = int.MaxValue });
        Assert.Equal((5L, 5L * int.MaxValue), (side.Packets, side.PayloadBytes));
    }

    [Fact]
    public void The_latest_time_stays_if_segments_are_out_of_time_order()
    {
        Connection connection = new();
        connection.Begin(default, hash: 0, stream: 0);
        List<long> latest = [];
        foreach (long time in (long[])[100, 50, 80, 200, 150])
        {
            connection.Observe(new Segment { Time = time, Frame = latest.Count + 1, Flags = TcpFlags.Ack, HasFlags = true, HasLength = true }, sender: 0);
            latest.Add(connection.LatestTime);
        }

        Assert.Equal([100, 100, 100, 200, 200], latest);
    }

    [Fact]
    public void A_reused_object_keeps_no_rare_data_of_the_earlier_connection()
    {
        Connection connection = new();
        connection.Begin(default, hash: 0, stream: 0);
        connection.ClosedTogether = 3;
        connection.NoteHigherTimestamp(stream: 1, frame: 2);
        connection.Begin(default, hash: 0, stream: 1);
        Assert.Equal((0, null), (connection.ClosedTogether, connection.Points));
        connection.ClosedTogether = 2;
        Assert.Equal((2, null), (connection.ClosedTogether, connection.Points));
    }

    /// <summary>Eight more bytes of fields cost memory for every open connection, and cache for every segment.</summary>
    [Fact]
    public void The_fields_need_at_most_480_bytes_and_all_are_prefetched()
    {
        const int MaxLength = 480;
        const int Header = 2 * sizeof(long); // the object's
        _ = new Connection();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Connection connection = new();
        long length = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(connection);
        Assert.InRange(length, 1, MaxLength);
        Assert.InRange(length - Header, 1, Prefetch.ConnectionLength);
    }
}
