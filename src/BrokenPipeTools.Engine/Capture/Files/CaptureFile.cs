using System.Buffers.Binary;
using BrokenPipeTools.Capture.Text;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Opens a capture: reads the first bytes and returns the reader for their format. Supports pcap, pcapng and text traces, each also compressed with
/// gzip, zstd or lz4.
/// </summary>
public static class CaptureFile
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// Decompresses zstd and lz4 in this process. Null, the default, makes such a file an error. The implementation is in BrokenPipeTools.SharpPcap:
    /// CaptureFile.Decompressor = FrameDecompressor.Instance.
    /// </summary>
    internal static IDecompressor? Decompressor { get; set; }

    /// <summary>Opens a file, or standard input for "-".</summary>
    /// <exception cref="CaptureFormatException">The file is empty or not a capture.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ICaptureSource Open(string path) => Open(path, CancellationToken.None);

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="path">The file, or "-".</param>
    /// <param name="cancellation">Cancels opening and reading if they wait for another program, as with a FIFO.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static ICaptureSource Open(string path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Open(CaptureStream.Open(path, cancellation), path);
    }

    /// <summary>Reads a capture from any stream and disposes of the stream; <paramref name="name"/> is its name in messages.</summary>
    /// <exception cref="CaptureFormatException">The stream is empty or not a capture.</exception>
    public static ICaptureSource Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ByteWindow window = new(stream);
        try
        {
            if (CompressedFormat.IsGzip(window))
                window = new ByteWindow(new GzipInput(window, stream), isDecompressed: true);
            else if (Decompressor is { } decompressor && CompressedFormat.IsFrames(window))
                window = new ByteWindow(decompressor.Open(new WindowStream(window)), isDecompressed: true);
            CaptureInput input = new(stream, window, name);
            input.Peek(4);
            if (Utf16Input.Find(window) is { } text)
                input = new CaptureInput(stream, window = new ByteWindow(text, window.IsDecompressed), name);
            return Sniff(input);
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }

    private static ICaptureSource Sniff(CaptureInput input)
    {
        if (!input.Ensure(4))
        {
            throw input.Window.Bytes.IsEmpty
                ? input.Fault(CaptureFault.Empty, "the file is empty")
                : input.Fault(CaptureFault.NotACapture, "the file is too short for a capture");
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(input.Window.Bytes);
        if (magic == PcapngReader.SectionHeader)
            return new PcapngReader(input);
        if (PcapFormat.Recognize(magic) is { } format)
            return new PcapReader(input, format);
        if (TraceSniffer.IsTrace(input))
            return new TraceText(input);
        input.Peek(ForeignFormat.Looked);
        throw input.Fault(CaptureFault.NotACapture, "not a pcap or pcapng capture: " + ForeignFormat.Describe(input.Window.Bytes));
    }
}
