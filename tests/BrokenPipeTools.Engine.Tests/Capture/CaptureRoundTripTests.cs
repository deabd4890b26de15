using System.Text;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Building;
using CsCheck;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Any frames that are written can be read again unchanged.</summary>
public sealed class CaptureRoundTripTests
{
    private const long Second = 1_000_000_000;
    private const int MostInterfaces = 3;

    private static readonly Gen<byte[]> Data = Gen.Byte.Array[0, 70];
    private static readonly Gen<int> LinkType = Gen.OneOf(0, 1, 12, 101, 113, 228, 229, 276, 65_535);

    /// <summary>Times from 1970 to 2262, the largest that fit into 63 bits of nanoseconds.</summary>
    private static readonly Gen<Written> AnyFrame = Gen.Select(Data, Gen.Long[0, long.MaxValue], Gen.Int[0, 100_000], Gen.Int[0, MostInterfaces - 1],
        Gen.OneOf(PacketDirection.Unknown, PacketDirection.Incoming, PacketDirection.Outgoing), Gen.String[Gen.Char[' ', '~'], 0, 9],
        (data, time, cut, on, direction, comment) => new Written(data, time, data.Length + cut, on, direction, comment));

    [Fact]
    public void What_the_writer_writes_is_read_again() =>
        Gen.Select(AnyFrame.Array[0, 20], LinkType.Array[MostInterfaces]).Sample((frames, links) =>
        {
            using MemoryStream file = new();
            using (PcapWriter writer = new(file, leaveOpen: true))
            {
                foreach (int link in links)
                    writer.AddInterface(new PcapWriterInterface { LinkType = link });
                foreach (Written w in frames)
                    writer.Write(new Frame { Number = 0, Time = w.Time, LinkType = links[w.Interface], OriginalLength = w.OriginalLength, Direction = w.Direction, Data = w.Data }, w.Comment.Length == 0 ? null : w.Comment, w.Interface);
            }

            return Read(file.ToArray()).SequenceEqual(frames.Select((w, i) =>
                $"{i + 1} {w.Time} {links[w.Interface]} {w.OriginalLength} {w.Direction} '{w.Comment}' {Convert.ToHexString(w.Data)}"));
        });

    /// <summary>Both byte orders; microseconds and nanoseconds; the seconds have 32 bits.</summary>
    [Fact]
    public void Pcap_in_both_byte_orders_and_resolutions() =>
        Gen.Select(AnyFrame.Array[0, 20], LinkType, Gen.Bool, Gen.Bool).Sample((frames, link, bigEndian, nanoseconds) =>
        {
            Written[] written = [.. frames.Select(w => w with { Time = w.Time % ((uint.MaxValue + 1L) * Second) })];
            byte[] file = CaptureBytes.Pcap(written.Select(w => new RawFrame(w.Data) { Time = w.Time, OriginalLength = w.OriginalLength }), link, nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4, bigEndian);

            return Read(file).SequenceEqual(written.Select((w, i) =>
                $"{i + 1} {(nanoseconds ? w.Time : w.Time / 1000 * 1000)} {link} {w.OriginalLength} Unknown '' {Convert.ToHexString(w.Data)}"));
        });

    /// <summary>Both byte orders; interfaces with any resolution down to a nanosecond, and with an offset.</summary>
    [Fact]
    public void Pcapng_in_both_byte_orders_and_with_any_resolution() =>
        Gen.Select(AnyFrame.Array[0, 20], Gen.Select(LinkType, Gen.Byte[0, 9], Gen.Long[-100, 100]).Array[MostInterfaces], Gen.Bool).Sample((frames, interfaces, bigEndian) =>
        {
            // Tenths, hundredths, …: the time of each frame in ticks of its interface, after the offset.
            long Tick(int on) => (long)Math.Pow(10, 9 - interfaces[on].Item2);
            ulong[] ticks = [.. frames.Select(w => (ulong)(w.Time / 2 / Tick(w.Interface)))];
            byte[] file =
            [
                .. CaptureBytes.Section(bigEndian),
                .. interfaces.SelectMany(i => CaptureBytes.InterfaceBlock(i.Item1, bigEndian, i.Item2, i.Item3)),
                .. frames.SelectMany((w, i) => CaptureBytes.EnhancedPacket(new RawFrame(w.Data) { Interface = w.Interface, OriginalLength = w.OriginalLength }, bigEndian, ticks[i])),
            ];

            return Read(file).SequenceEqual(frames.Select((w, i) =>
                $"{i + 1} {Math.Max(0, ((long)ticks[i] * Tick(w.Interface)) + (interfaces[w.Interface].Item3 * Second))} {interfaces[w.Interface].Item1} {w.OriginalLength} Unknown '' {Convert.ToHexString(w.Data)}"));
        });

    private static List<string> Read(byte[] file)
    {
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(file), "x");
        List<string> frames = [];
        while (source.TryRead(out Frame f))
            frames.Add($"{f.Number} {f.Time} {f.LinkType} {f.OriginalLength} {f.Direction} '{Encoding.UTF8.GetString(f.Comment)}' {Convert.ToHexString(f.Data)}");
        return frames;
    }

    private sealed record Written(byte[] Data, long Time, int OriginalLength, int Interface, PacketDirection Direction, string Comment);
}
