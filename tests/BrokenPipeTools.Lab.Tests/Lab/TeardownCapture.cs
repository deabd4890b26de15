using System.Buffers.Binary;
using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>Many random endings and all their packets, in one capture.</summary>
internal sealed class TeardownCapture
{
    private readonly ILookup<int, TeardownFrame> _framesByPort;

    private TeardownCapture(IReadOnlyList<RandomTeardownResult> runs, IReadOnlyList<TeardownFrame> frames, int serverPort)
    {
        _framesByPort = frames.ToLookup(f => f.ClientPort(serverPort));
        Runs = runs;
        Frames = frames;
    }

    public IReadOnlyList<RandomTeardownResult> Runs { get; }

    /// <summary>In the order in which they were captured.</summary>
    public IReadOnlyList<TeardownFrame> Frames { get; }

    /// <summary>Runs the endings of these seeds and captures their packets on loopback.</summary>
    /// <exception cref="LiveCaptureException">This process may not capture.</exception>
    public static TeardownCapture Record(int firstSeed, int count, bool ipv6)
    {
        using RandomTeardown lab = new(ipv6);
        using ILiveCapture live = CaptureLibrary.Instance.Open(new LiveCaptureOptions
        {
            InterfaceName = CaptureLibrary.Instance.GetInterfaces().First(i => i.IsLoopback).Name,
            Filter = string.Create(CultureInfo.InvariantCulture, $"tcp port {lab.Port}"),
        });
        List<TeardownFrame> frames = [];
        Task reading = Task.Run(() =>
        {
            while (live.TryRead(out Frame f))
                frames.Add(new TeardownFrame(f.Time, f.LinkType, f.OriginalLength, f.Data.ToArray()));
        });
        List<RandomTeardownResult> runs = [.. Enumerable.Range(firstSeed, count).Select(lab.Run)];
        live.Stop();
        reading.WaitAsync(ChildProgram.MaxWait).GetAwaiter().GetResult();
        Assert.Equal(0, live.DroppedFrames);
        return new TeardownCapture(runs, frames, lab.Port);
    }

    /// <summary>The records of all connections, from the frames up to a time (nanoseconds since 1970).</summary>
    public List<ConnectionClose> Analyze(long until) => Testing.Building.Analyze.Bytes(ToPcapng(Frames.TakeWhile(f => f.Time <= until)));

    /// <summary>Returns the frames of one run. A port may be reused after some thousand runs, but the runs come one after another.</summary>
    public List<TeardownFrame> FramesOf(RandomTeardownResult run) =>
        [.. _framesByPort[run.ClientPort].SkipWhile(f => f.Time < Nanoseconds(run.StartTime)).TakeWhile(f => f.Time < Nanoseconds(run.EndTime))];

    /// <summary>The record of a run's packets at a moment.</summary>
    public static ConnectionClose RecordAt(List<TeardownFrame> frames, DateTime time)
    {
        long until = Nanoseconds(time);
        return Assert.Single(Testing.Building.Analyze.Bytes(ToPcapng(frames.TakeWhile(f => f.Time <= until))));
    }

    /// <summary>Frames as a capture file.</summary>
    public static byte[] ToPcapng(IEnumerable<TeardownFrame> frames)
    {
        using MemoryStream bytes = new();
        using (PcapWriter writer = new(bytes, leaveOpen: true))
        {
            foreach (TeardownFrame f in frames)
            {
                if (writer.InterfaceCount == 0)
                    writer.AddInterface(new PcapWriterInterface { Name = "lo", LinkType = f.LinkType });
                writer.Write(new Frame { Number = 0, Time = f.Time, LinkType = f.LinkType, OriginalLength = f.OriginalLength, Data = f.Data });
            }
        }

        return bytes.ToArray();
    }

    private static long Nanoseconds(DateTime time) => BrokenPipeTools.Primitives.Nanoseconds.Since1970(time);

    /// <summary>Writes the runs as data: teardowns.pcapng, and teardowns.jsonl with one run per line.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "teardowns.pcapng"), ToPcapng(Frames));
        File.WriteAllLines(
            Path.Combine(folder, "teardowns.jsonl"),
            Runs.Select(run => System.Text.Json.JsonSerializer.Serialize(new
            {
                run.Seed,
                run.ClientPort,
                Calls = run.Calls.Select(c => new { Side = c.Side.ToString(), c.StartTime, c.EndTime, c.Call, c.Result, c.Bytes, c.Errno, TcpState = c.TcpState?.ToString() }),
            })));
    }
}

/// <summary>A copy of a captured frame; Time is in nanoseconds since 1970.</summary>
internal sealed record TeardownFrame(long Time, int LinkType, int OriginalLength, byte[] Data)
{
    private const int EthernetHeader = 14;

    /// <summary>Returns the port that is not the server's. The frames are loopback's, with Ethernet headers and IP without options.</summary>
    public int ClientPort(int serverPort)
    {
        int at = EthernetHeader + (Data[EthernetHeader] >> 4 == 6 ? 40 : 20);
        int source = BinaryPrimitives.ReadUInt16BigEndian(Data.AsSpan(at));
        return source != serverPort ? source : BinaryPrimitives.ReadUInt16BigEndian(Data.AsSpan(at + 2));
    }
}
