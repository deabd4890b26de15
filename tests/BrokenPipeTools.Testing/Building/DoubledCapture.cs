using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Building;

/// <summary>Makes from a capture another one in which each packet was captured twice.</summary>
internal static class DoubledCapture
{
    private const int EthernetHeader = 14;

    /// <summary>The ways in which the second copy differs from the first one, and its position.</summary>
    public static IReadOnlyDictionary<string, Func<IReadOnlyList<RawFrame>, IEnumerable<RawFrame>>> Ways { get; } = new Dictionary<string, Func<IReadOnlyList<RawFrame>, IEnumerable<RawFrame>>>
    {
        ["behind a router"] = frames => frames.SelectMany(f => (RawFrame[])[f, Later(f, 7000, hops: 1)]),
        ["on two ports"] = frames => frames.SelectMany(f => (RawFrame[])[f, Later(f, 7000, hops: 0)]),
        ["some of them"] = frames => frames.SelectMany((f, i) => i % 3 == 1 ? [f, Later(f, 7000, hops: 1)] : (RawFrame[])[f]),
        ["in bursts"] = frames => frames.Concat(frames.Select(f => Later(f, 60_000, hops: 1))).OrderBy(f => f.Time),
    };

    /// <summary>
    /// Makes the doubled captures of a capture. Returns none if the capture cannot be written again: its times are damaged, or it has several link
    /// types.
    /// </summary>
    public static IEnumerable<(string Way, byte[] Capture)> Of(byte[] capture)
    {
        if (TryRead(capture, out List<RawFrame> frames, out int linkType))
        {
            foreach ((string way, Func<IReadOnlyList<RawFrame>, IEnumerable<RawFrame>> make) in Ways)
                yield return (way, CaptureBytes.Pcap(make(linkType == LinkType.Ethernet ? frames : [.. frames.Select(f => f with { Interface = 1 })]), linkType, magic: 0xA1B23C4D));
        }
    }

    /// <summary>Returns all conclusions of a record, with the numbers that they are based on.</summary>
    public static string Conclusions(ConnectionClose r) =>
        $"{r.Stream} {r.State} {r.ClosedBy} {r.Cause} {r.Confidence} {r.ClientRead} {r.ClientWrite} {r.ServerRead} {r.ServerWrite} {r.BrokenPipe} {r.ClientRetransmissions} {r.ServerRetransmissions} {r.ZeekState} {r.Completeness}";

    /// <summary>Returns the differences that the duplicates cause.</summary>
    public static IEnumerable<string> Differences(byte[] capture)
    {
        string[] single = [];
        foreach ((string way, byte[] doubled) in Of(capture))
        {
            if (single.Length == 0)
                single = Conclusions(Again(capture));
            string[] twice = Conclusions(doubled);
            foreach ((string one, string two) in single.Zip(twice).Where(pair => pair.First != pair.Second))
                yield return $"{way}: {one} became {two}";
            if (single.Length != twice.Length)
                yield return $"{way}: {single.Length} connections became {twice.Length}";
        }
    }

    private static string[] Conclusions(byte[] capture) => [.. Analyze.Bytes(capture).OrderBy(r => r.Stream).Select(Conclusions)];

    /// <summary>Returns the original capture, written in the same way as the doubled ones.</summary>
    private static byte[] Again(byte[] capture)
    {
        TryRead(capture, out List<RawFrame> frames, out int linkType);
        return CaptureBytes.Pcap(frames, linkType, magic: 0xA1B23C4D);
    }

    private static bool TryRead(byte[] capture, out List<RawFrame> frames, out int linkType)
    {
        frames = [];
        linkType = 0;
        try
        {
            List<(long Number, long Time, int LinkType, int OriginalLength, byte[] Data)> read = Analyze.Frames(capture);
            if (read.Count == 0 || read.Any(f => f.LinkType != read[0].LinkType || f.Time <= 0 || f.Time / Nanoseconds.PerSecond >= uint.MaxValue))
                return false;
            if (read.Zip(read.Skip(1)).Any(pair => pair.Second.Time < pair.First.Time))
                return false; // the times are not in order, so sorting by time would change the order of the frames
            linkType = read[0].LinkType;
            frames.AddRange(read.Select(f => new RawFrame(f.Data) { Time = f.Time, OriginalLength = f.OriginalLength }));
            return true;
        }
        catch (CaptureFormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns the same packet a moment later, after it passed a number of routers. The TTL is changed only on interface 0, which is Ethernet.
    /// </summary>
    private static RawFrame Later(RawFrame f, long nanoseconds, int hops)
    {
        byte[] data = [.. f.Data];
        if (f.Interface == 0 && hops > 0 && data.Length >= EthernetHeader + 20)
        {
            Span<byte> ip = data.AsSpan(EthernetHeader);
            int type = data[12] << 8 | data[13];
            if (type == 0x0800 && ip[0] == 0x45 && ip[8] > hops)
                ip[8] -= (byte)hops; // the header's checksum does not matter here
            else if (type == 0x86DD && ip[7] > hops)
                ip[7] -= (byte)hops;
        }

        return f with { Data = data, Time = f.Time + nanoseconds };
    }
}
