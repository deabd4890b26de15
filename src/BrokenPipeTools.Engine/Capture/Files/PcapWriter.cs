using System.Runtime.InteropServices;
using System.Text;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Writes a capture as pcapng (draft-ietf-opsawg-pcapng): one section, times in nanoseconds, for Wireshark. Frames are written in their order; it
/// holds at most one of them, and a buffer of 64 KiB that <see cref="Flush"/> empties. Not for several threads at the same time.
/// </summary>
internal sealed class PcapWriter : IDisposable
{
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const uint InterfaceDescription = 1;
    private const uint NameResolution = 4;
    private const uint InterfaceStatistics = 5;
    private const uint EnhancedPacket = 6;
    private const ushort NameOfIPv4 = 1; // nrb_record_ipv4
    private const ushort NameOfIPv6 = 2; // nrb_record_ipv6
    private const ushort Comment = 1;
    private const ushort PacketFlags = 2; // epb_flags: the lowest bits are the direction
    private const byte Nanoseconds = 9;
    private const byte FilterText = 0; // the first byte of if_filter: a string, not compiled code

    private readonly Stream _stream;
    private readonly PcapngBlock _block = new();
    private readonly bool _leaveOpen;

    /// <summary>Begins a capture with its section header.</summary>
    /// <param name="stream">The stream to write to; Dispose closes it unless <paramref name="leaveOpen"/>.</param>
    /// <param name="comment">A comment on the whole capture; null for none.</param>
    /// <param name="leaveOpen">True if the stream is to stay open.</param>
    /// <exception cref="IOException">The stream cannot be written to; every other method throws this too.</exception>
    public PcapWriter(Stream stream, string? comment = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = new BufferedStream(stream, 64 << 10);
        _leaveOpen = leaveOpen;
        Emit(_block.Begin(PcapngReader.SectionHeader)
            .U32(ByteOrderMagic).U16(1).U16(0) // version 1.0
            .U64(ulong.MaxValue) // the section's length is not known
            .Option(Comment, comment)
            .Option(2, RuntimeInformation.ProcessArchitecture.ToString()) // shb_hardware
            .Option(3, RuntimeInformation.OSDescription) // shb_os
            .Option(4, $"BrokenPipeTools {typeof(PcapWriter).Assembly.GetName().Version?.ToString(3)}")); // shb_userappl
    }

    /// <summary>The file; empty for another stream.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The number of interfaces described so far, which is the identifier of the next one.</summary>
    public int InterfaceCount { get; private set; }

    /// <summary>Frames written.</summary>
    public long Frames { get; private set; }

    /// <summary>Writes to a new file, which only its owner may read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Replaces a regular file; otherwise an existing file is an error. Symbolic links are not followed.</param>
    /// <param name="comment">A comment on the whole capture.</param>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static PcapWriter Create(string path, bool overwrite = false, string? comment = null)
    {
        FileStream file = PrivateFile.Create(path, overwrite);
        try
        {
            return new PcapWriter(file, comment) { Name = path };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Describes an interface and returns its identifier, which is the number of the interfaces before it.</summary>
    public int AddInterface(PcapWriterInterface description)
    {
        ArgumentNullException.ThrowIfNull(description);
        Emit(_block.Begin(InterfaceDescription)
            .U16((ushort)description.LinkType).U16(0).U32((uint)description.SnapLength)
            .Option(2, description.Name)
            .Option(3, description.Description)
            .Option(9, [Nanoseconds]) // if_tsresol
            .Option(11, description.Filter, FilterText));
        return InterfaceCount++;
    }

    /// <summary>Writes names that are used in place of addresses (name resolution block); Wireshark shows them.</summary>
    /// <param name="names">Addresses of 4 or 16 bytes, and their names.</param>
    public void WriteNames(IEnumerable<(byte[] Address, string Name)> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        PcapngBlock block = _block.Begin(NameResolution);
        foreach ((byte[] address, string name) in names)
        {
            byte[] record = [.. address, .. Encoding.UTF8.GetBytes(name), 0];
            block.U16(address.Length == 4 ? NameOfIPv4 : NameOfIPv6).U16((ushort)record.Length).Padded(record);
        }

        Emit(block.U32(0)); // nrb_record_end
    }

    /// <summary>Writes a frame of an interface that was described before.</summary>
    /// <param name="frame">The frame. Its number is not written, because a file counts its own frames.</param>
    /// <param name="comment">A comment on it, which Wireshark shows above the frame. Cut at 65,535 bytes. The frame's own comment follows.</param>
    /// <param name="interfaceId">The value that <see cref="AddInterface"/> returned.</param>
    public void Write(in Frame frame, string? comment = null, int interfaceId = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceId, InterfaceCount);
        PcapngBlock block = _block.Begin(EnhancedPacket)
            .U32((uint)interfaceId)
            .Time((ulong)Math.Max(0, frame.Time))
            .U32((uint)frame.Data.Length).U32((uint)frame.OriginalLength)
            .Padded(frame.Data)
            .Option(Comment, comment);
        if (!frame.Comment.IsEmpty)
            block.Option(Comment, frame.Comment);
        Emit(frame.Direction == PacketDirection.Unknown ? block : block.Option(PacketFlags, [(byte)(frame.Direction & (PacketDirection.Incoming | PacketDirection.Outgoing)), 0, 0, 0]));
        Frames++;
    }

    /// <summary>Writes how many frames of an interface were lost, usually at its end.</summary>
    /// <param name="interfaceId">The value that <see cref="AddInterface"/> returned.</param>
    /// <param name="time">The time of the count, in nanoseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="received">Frames captured.</param>
    /// <param name="dropped">Frames that were dropped because the buffer was full.</param>
    public void WriteStatistics(int interfaceId, long time, long received, long dropped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceId, InterfaceCount);
        Emit(_block.Begin(InterfaceStatistics)
            .U32((uint)interfaceId)
            .Time((ulong)Math.Max(0, time))
            .Option(4, (ulong)received) // isb_ifrecv
            .Option(7, (ulong)dropped)); // isb_osdrop
    }

    /// <summary>Flushes everything written so far to the stream, so that a reader of the file gets it.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose()
    {
        if (_leaveOpen)
            _stream.Flush();
        else
            _stream.Dispose();
    }

    private void Emit(PcapngBlock block) => _stream.Write(block.End());
}
