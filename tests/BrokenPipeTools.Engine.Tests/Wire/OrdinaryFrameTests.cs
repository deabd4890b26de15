using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

/// <summary><see cref="OrdinaryFrame"/> returns the same segments as the decoding layer by layer.</summary>
public sealed class OrdinaryFrameTests
{
    private const int FramesPerCapture = 50;
    private const int Variants = 30;

    [Fact]
    public void An_ordinary_frame_gives_the_same_result_as_its_layers_also_if_it_is_damaged()
    {
        SegmentDecoder whole = new();
        SegmentDecoder layers = new();
        Random random = new(1);
        Dictionary<bool, int> ordinary = new() { [false] = 0, [true] = 0 }; // IPv4 and IPv6
        foreach (byte[] frame in EthernetFrames())
        {
            for (int i = 0; i < Variants; i++)
            {
                byte[] bytes = i == 0 ? frame : Damage(frame, random);
                Frame seen = new() { Number = 1, Time = 1, LinkType = LinkType.Ethernet, OriginalLength = i % 4 == 1 ? frame.Length : bytes.Length, Data = bytes };
                DecodeOutcome outcome = layers.DecodeLayers(seen, out Segment expected);
                Assert.Equal(outcome, whole.Decode(seen, out Segment segment));
                if (outcome is not (DecodeOutcome.Segment or DecodeOutcome.QuotedSegment))
                    continue;
                Assert.True(expected.Equals(segment), Convert.ToHexString(bytes));
                if (OrdinaryFrame.TryRead(seen, out Segment read, out _))
                    ordinary[read.IsIPv6]++;
            }
        }

        Assert.InRange(ordinary[false], 10_000, int.MaxValue);
        Assert.InRange(ordinary[true], 100, int.MaxValue);
    }

    private static IEnumerable<byte[]> EthernetFrames() =>
        Directory.GetFiles(RepositoryFiles.Captures, "*.pcap*", SearchOption.AllDirectories).SelectMany(EthernetFrames);

    /// <summary>The first frames of a capture, up to its damage if it is damaged.</summary>
    private static List<byte[]> EthernetFrames(string path)
    {
        List<byte[]> frames = [];
        try
        {
            using ICaptureSource source = CaptureFile.Open(path);
            while (frames.Count < FramesPerCapture && source.TryRead(out Frame frame))
            {
                if (frame.LinkType == LinkType.Ethernet && !frame.Data.IsEmpty)
                    frames.Add(frame.Data.ToArray());
            }
        }
        catch (CaptureFormatException)
        {
            // the frames before the damage are enough
        }

        return frames;
    }

    /// <summary>Changes a byte of the headers, or cuts the frame.</summary>
    private static byte[] Damage(byte[] frame, Random random)
    {
        if (random.Next(4) == 0)
            return frame[..random.Next(frame.Length)];
        byte[] damaged = [.. frame];
        damaged[random.Next(Math.Min(damaged.Length, 80))] = (byte)random.Next(256);
        return damaged;
    }
}
