using System.Buffers.Binary;
using System.Globalization;

namespace BrokenPipeTools.Benchmarks;

/// <summary>A capture that <see cref="CaptureGenerator"/> has made, and its content.</summary>
internal sealed record GeneratedCapture(string Path, int Connections, long Packets, long Bytes);

/// <summary>
/// Makes a pcap with the given number of connections, of which a few thousand are open at the same time. The file is the same on every machine. The
/// events of the open connections are merged in time order, so that packets of one connection lie far apart, as on a busy link.
/// </summary>
internal sealed class CaptureGenerator
{
    /// <summary>A version number. Change it with every change of the generated content, so that an older file is not used.</summary>
    private const int Version = 1;

    /// <summary>The address of the first connection's client. This client has only a few other connections.</summary>
    public const string FirstClient = "10.0.155.250";

    private const ulong Seed = 1;
    private const int OpenAtOnce = 4_000;
    private const int RecordHeader = 16;
    private const int BufferSize = 1 << 20;
    private const int LongestRecord = RecordHeader + FrameBuilder.MaxHeader + FrameBuilder.MaxPayload;
    private const long StartSeconds = 1_750_000_000;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Stream _output;
    private SplitMix _random = new(Seed);
    private int _used;
    private long _packets;

    private CaptureGenerator(Stream output) => _output = output;

    /// <summary>Returns the capture with this many connections in a <paramref name="folder"/>: the existing one, or a new one.</summary>
    public static GeneratedCapture Provide(string folder, int connections)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFiles(folder, Name(connections, "*")).FirstOrDefault() is { } found)
            return new GeneratedCapture(found, connections, PacketsInName(found), new FileInfo(found).Length);

        string unfinished = Path.Combine(folder, Name(connections, "unfinished") + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        long packets;
        using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            packets = Write(file, connections);
        string path = Path.Combine(folder, Name(connections, packets.ToString(CultureInfo.InvariantCulture)));
        File.Move(unfinished, path);
        return new GeneratedCapture(path, connections, packets, new FileInfo(path).Length);
    }

    /// <summary>Writes a capture and returns the number of its packets.</summary>
    public static long Write(Stream output, int connections)
    {
        CaptureGenerator generator = new(output);
        generator.WriteFileHeader();
        generator.WriteConnections(connections);
        generator.Flush();
        return generator._packets;
    }

    private static string Name(int connections, string packets) =>
        string.Create(CultureInfo.InvariantCulture, $"brokenpipe-v{Version}-{connections}-connections-{packets}-packets.pcap");

    private static long PacketsInName(string path) =>
        long.Parse(Path.GetFileName(path).Split('-')[^2], CultureInfo.InvariantCulture);

    private void WriteFileHeader()
    {
        Span<byte> header = _buffer.AsSpan(0, 24);
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1); // Ethernet
        _used = header.Length;
    }

    private void WriteConnections(int connections)
    {
        PriorityQueue<ScriptedConnection, long> due = new(OpenAtOnce);
        int begun = 0;
        for (; begun < Math.Min(connections, OpenAtOnce); begun++)
        {
            ScriptedConnection connection = new();
            connection.Begin(begun, ref _random);
            due.Enqueue(connection, _random.Below((int)TimeSpan.MicrosecondsPerSecond));
        }

        while (due.TryPeek(out ScriptedConnection? connection, out long now))
        {
            WriteFrame(connection, now);
            if (!connection.IsOver)
            {
                due.DequeueEnqueue(connection, now + connection.Delay(ref _random));
            }
            else if (begun < connections)
            {
                connection.Begin(begun++, ref _random);
                due.DequeueEnqueue(connection, now + 1 + _random.Below(20_000));
            }
            else
            {
                due.Dequeue();
            }
        }
    }

    private void WriteFrame(ScriptedConnection connection, long now)
    {
        if (_used + LongestRecord > BufferSize)
            Flush();
        Span<byte> record = _buffer.AsSpan(_used);
        int length = connection.WriteNext(record[RecordHeader..], now, ref _random);
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(StartSeconds + (now / TimeSpan.MicrosecondsPerSecond)));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(now % TimeSpan.MicrosecondsPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)length);
        _used += RecordHeader + length;
        _packets++;
    }

    private void Flush()
    {
        _output.Write(_buffer, 0, _used);
        _used = 0;
    }
}
