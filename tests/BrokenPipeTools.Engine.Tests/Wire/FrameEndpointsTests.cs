using BrokenPipeTools.Capture;
using BrokenPipeTools.Testing.Captures;
using BrokenPipeTools.Tests.Differential;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Wire;

/// <summary>Endpoints that are read without decoding equal those of the decoded segment, also for damaged frames.</summary>
public sealed class FrameEndpointsTests
{
    [Fact]
    public void Endpoints_are_those_of_the_segment()
    {
        int compared = 0;
        int ipv6 = 0;
        Random random = new(7);
        foreach (CapturedFrame frame in CapturedFrame.Captures().SelectMany(CapturedFrame.Read))
        {
            for (int round = 0; round < 3; round++)
            {
                CapturedFrame one = round == 0 ? frame : frame.Damage(random);
                if (Compare(one) is not { } ends)
                    continue;
                compared++;
                ipv6 += ends.IsIPv6 ? 1 : 0;
            }
        }

        Assert.InRange(compared, 50_000, int.MaxValue);
        Assert.InRange(ipv6, 1_000, compared);
    }

    private static FrameEndpoints? Compare(CapturedFrame captured)
    {
        Frame frame = new() { Number = 1, Time = 0, LinkType = captured.LinkType, OriginalLength = captured.OriginalLength, Data = captured.Data };
        if (!FrameEndpoints.TryRead(frame, out FrameEndpoints ends) || new SegmentDecoder().Decode(frame, out Segment s) is not (DecodeOutcome.Segment or DecodeOutcome.QuotedSegment))
            return null;
        Assert.Equal((captured.Label, new FrameEndpoints(s.Source, s.Destination, s.SourcePort, s.DestinationPort, s.IsIPv6)), (captured.Label, ends));
        Assert.False(s.IsQuoted);
        return ends;
    }
}
