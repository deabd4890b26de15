using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>Damages captures in every way that a disk, a network or an attacker can, and reads them: each must end with records or with one clear fault.</summary>
internal static class Mutation
{
    /// <summary>The most that a damaged capture of a few kilobytes may allocate: the readers' windows and the records.</summary>
    private const long MaxAllocated = 48L << 20;

    /// <summary>Captures of every container and most wrappings, small enough to be damaged byte by byte.</summary>
    public static IReadOnlyList<byte[]> Seeds { get; } = MakeSeeds();

    /// <summary>The frames of each of <see cref="Seeds"/>.</summary>
    public static IReadOnlyList<SeedFrames> Frames { get; } = [.. Seeds.Select(seed => new SeedFrames(seed))];

    /// <summary>Reads one capture; throws if it does not end as it should.</summary>
    /// <param name="capture">The damaged capture.</param>
    /// <param name="whole">The undamaged capture.</param>
    /// <param name="from">The offset of the first damage.</param>
    /// <param name="label">The name of the damage.</param>
    public static void Run(byte[] capture, SeedFrames whole, int from, string label)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        RecordedFrames? frames = null;
        try
        {
            using CloseAnalyzer analyzer = new(frames = new RecordedFrames(CaptureFile.Open(new MemoryStream(capture), "mutated")));
            while (analyzer.TryNext(out ConnectionClose? record))
                Use(record);
            if (analyzer.Fault is not null)
                Check(Assert.IsType<CaptureFormatException>(analyzer.Fault), label);
        }
        catch (CaptureFormatException fault)
        {
            Check(fault, label);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{label}: {e.GetType().Name}: {e.Message}", e);
        }

        if (!whole.UpTo(from).SequenceEqual(frames?.Frames.Take(whole.UpTo(from).Count()) ?? []))
            throw new InvalidOperationException($"{label}: of {whole.UpTo(from).Count()} frames before offset {from} {frames?.Frames.Count ?? 0} are read, or they are others");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MaxAllocated)
            throw new InvalidOperationException($"{label}: {allocated} bytes allocated");
    }

    /// <summary>Returns a capture with a few random changes, and the offset of the first one.</summary>
    public static (byte[] Damaged, int From) Damage(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        int first = seed.Length;
        for (int n = random.Next(1, 6); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 64), bytes.Count - at);
            first = Math.Min(first, at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2: // extreme numbers
                    for (int i = at; i < Math.Min(at + 4, bytes.Count); i++)
                        bytes[i] = (byte)(random.Next(2) * 255);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4: // a piece twice
                    int to = random.Next(bytes.Count);
                    first = Math.Min(first, to);
                    bytes.InsertRange(to, bytes.GetRange(at, length));
                    break;
                default: // a piece of another capture
                    byte[] other = Seeds[random.Next(Seeds.Count)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)));
                    break;
            }
        }

        return ([.. bytes], first);
    }

    /// <summary>Reads every property, because each one is computed on first use.</summary>
    private static void Use(ConnectionClose record)
    {
        foreach (System.Reflection.PropertyInfo property in typeof(ConnectionClose).GetProperties())
            property.GetValue(record);
        foreach (CloseEvent rung in record.Events)
            rung.ToString();
    }

    private static void Check(CaptureFormatException fault, string label)
    {
        if (fault.Offset < 0 || fault.Reason.Length == 0 || fault.Name != "mutated")
            throw new InvalidOperationException($"{label}: an unclear fault: {fault.Message}");
    }

    private static List<byte[]> MakeSeeds()
    {
        List<RawFrame> script = PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(20)\nS:ACK\nC:KEEPALIVE\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\nC:SYN conn=1\nS:RST-ACK conn=1");
        List<byte[]> seeds =
        [
            CaptureBytes.Pcap(script),
            CaptureBytes.Pcap(script, magic: 0xA1B23C4D, bigEndian: true),
            CaptureBytes.Pcap(script, magic: 0xA1B2CD34, recordExtra: [0, 0, 0, 0, 0, 0, 0, 0]),
            CaptureBytes.Pcapng(script),
            CaptureBytes.Pcapng(script, bigEndian: true),
            CaptureBytes.Gzip(CaptureBytes.Pcap(script)),
            CompressedBytes.Zstd(CaptureBytes.Pcap(script)),
            CompressedBytes.Lz4(CaptureBytes.Pcap(script)),
            CompressedBytes.Lz4Legacy(CaptureBytes.Pcap(script)),
            [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(resolution: 9, offset: 5), .. CaptureBytes.SimplePacket(script[0]), .. CaptureBytes.ObsoletePacket(script[1])],
        ];
        byte[] ip = new TcpPacket { Payload = TcpPacket.Bytes(8), Flags = BrokenPipeTools.Wire.TcpFlags.Syn, Options = [3, 3, 7, 1, 8, 10, 0, 0, 0, 0, 0, 0] }.ToIp();
        foreach ((int linkType, Func<byte[], byte[]> put) in Wrap.All.Values)
            seeds.Add(CaptureBytes.Pcap([new RawFrame(put(ip))], linkType: linkType < 0 ? 228 : linkType));
        return seeds;
    }
}
