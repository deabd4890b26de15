using System.Text;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tests.Capture;

public sealed class FrameSpoolTests
{
    [Fact]
    public void Frames_are_read_again_as_they_were()
    {
        FrameSpool spool = new();
        Random random = new(1);
        byte[][] frames = [.. Enumerable.Range(0, 3000).Select(i => new byte[i % 97 == 0 ? 1_500_000 / 97 : random.Next(0, 1500)])];
        foreach (byte[] frame in frames)
            random.NextBytes(frame);
        for (int i = 0; i < frames.Length; i++)
            spool.Add(Make(i, frames[i]));

        Assert.False(spool.IsOverfull);
        using ICaptureSource again = spool.Read("x.pcap");
        Assert.Equal("x.pcap", again.Name);
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.True(again.TryRead(out Frame frame));
            Assert.Equal((i + 1L, i * Nanoseconds.PerMicrosecond, 101, frames[i].Length + 7, PacketDirection.Outgoing, $"comment {i}"), (frame.Number, frame.Time, frame.LinkType, frame.OriginalLength, frame.Direction, Encoding.UTF8.GetString(frame.Comment)));
            Assert.True(frame.Data.SequenceEqual(frames[i]));
        }

        Assert.False(again.TryRead(out _));
        Assert.Equal(again.Length, again.Position);
    }

    [Fact]
    public void A_frame_larger_than_a_chunk_is_kept()
    {
        FrameSpool spool = new();
        spool.Add(Make(0, new byte[3 << 20]));
        spool.Add(Make(1, [1, 2, 3]));
        using ICaptureSource again = spool.Read("x");
        Assert.True(again.TryRead(out Frame large));
        Assert.Equal(3 << 20, large.Data.Length);
        Assert.True(again.TryRead(out Frame small));
        Assert.Equal([1, 2, 3], small.Data.ToArray());
    }

    [Fact]
    public void If_there_are_too_many_frames_none_is_kept()
    {
        FrameSpool spool = new(maxBytes: 10_000);
        for (int i = 0; i < 100; i++)
            spool.Add(Make(i, new byte[100]));
        Assert.True(spool.IsOverfull);
        Assert.Equal(0, spool.Bytes);
        Assert.Throws<InvalidOperationException>(() => spool.Read("x"));
    }

    private static Frame Make(int i, byte[] data) => new()
    {
        Number = i + 1,
        Time = i * Nanoseconds.PerMicrosecond,
        LinkType = 101,
        OriginalLength = data.Length + 7,
        Direction = PacketDirection.Outgoing,
        Comment = Encoding.UTF8.GetBytes($"comment {i}"),
        Data = data,
    };
}
