using System.IO.Compression;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Decompresses gzip (RFC 1952), also several consecutive members, and detects a cut file, which <see cref="GZipStream"/> does not report. To detect
/// the cut, it adds a member after the last byte: the output at the end must be that member and nothing else. If the data is damaged, everything
/// before the damage is returned first. The decompressor loses bytes when it throws, so the data is decompressed again, byte by byte, if the file can
/// be read again.
/// </summary>
/// <exception cref="EndOfStreamException">From <see cref="Read(Span{byte})"/>: the file ends in the middle of its compressed data.</exception>
internal sealed class GzipInput : ForwardStream
{
    private static readonly byte[] Mark = "the end of the file\0"u8.ToArray();

    /// <summary>The most bytes before the damage that are lost if the input is a pipe, which cannot be read again.</summary>
    private const int MostAtOnce = 16 * 1024;

    /// <summary>Marks the bytes of the buffer that were not written. A written byte may have this value by chance.</summary>
    private const byte Untouched = 0xA5;

    private readonly Stream _file;
    private Source _source;
    private GZipStream _gzip;
    private long _given;
    private bool _isWhole;
    private InvalidDataException? _damage;

    public GzipInput(ByteWindow start, Stream rest)
    {
        _file = rest;
        _source = new Source(start);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_isWhole)
            return 0;
        if (_damage is not null)
            throw _damage;
        if (_source.IsMarkRead)
            throw Cut();
        try
        {
            int read = _gzip.Read(buffer[..Math.Min(buffer.Length, MostAtOnce)]);
            _given += read;

            // If the decompressor has read beyond the file's end, its output does not belong to the file.
            if (!_source.IsMarkRead)
                return read;
            _isWhole = EndsWithMark(buffer[..read]);
            if (_isWhole)
                return 0;
        }
        catch (InvalidDataException) when (_source.IsMarkRead)
        {
            // The added member was read as the continuation of an unfinished one: the file is cut.
        }
        catch (InvalidDataException damage)
        {
            _damage = new InvalidDataException("damaged gzip data: " + damage.Message, damage);
            int read = _file.CanSeek ? ReadUpToDamage(buffer) : 0;
            if (read == 0)
                throw _damage;
            return read;
        }

        throw Cut();
    }

    /// <summary>Decompresses again from the beginning, and returns the remaining bytes one by one.</summary>
    private int ReadUpToDamage(Span<byte> buffer)
    {
        _file.Position = 0;
        _source = new Source(new ByteWindow(_file));
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
        int count = 0;
        try
        {
            Skip(_given);
            for (buffer.Fill(Untouched); count < buffer.Length && _gzip.Read(buffer.Slice(count, 1)) > 0;)
                count++;
        }
        catch (InvalidDataException)
        {
            // This is the same damage again. zlib looks for the next symbol before it returns, so it had already written the last byte before the
            // damage.
            count += count < buffer.Length && buffer[count] != Untouched ? 1 : 0;
        }

        return count;
    }

    private void Skip(long count)
    {
        Span<byte> skipped = stackalloc byte[4096];
        while (count > 0 && _gzip.Read(skipped[..(int)Math.Min(count, skipped.Length)]) is > 0 and int read)
            count -= read;
    }

    protected override void Dispose(bool disposing)
    {
        _gzip.Dispose();
        _source.Dispose();
        base.Dispose(disposing);
    }

    private static EndOfStreamException Cut() => new("the file ends in the middle of its gzip data");

    private bool EndsWithMark(ReadOnlySpan<byte> first)
    {
        Span<byte> rest = stackalloc byte[Mark.Length + 1];
        int count = 0;
        foreach (byte b in first[..Math.Min(first.Length, rest.Length)])
            rest[count++] = b;
        while (count < rest.Length && _gzip.Read(rest[count..]) is > 0 and int read)
            count += read;
        return rest[..count].SequenceEqual(Mark);
    }

    /// <summary>Reads the bytes of the window, which are the first of the file, then the rest of the file, then the added member.</summary>
    private sealed class Source(ByteWindow start) : ForwardStream
    {
        private static readonly byte[] Member = Compress(Mark);

        private readonly WindowStream _file = new(start);
        private int _markGiven;

        public bool IsMarkRead => _markGiven > 0;

        public override int Read(Span<byte> buffer)
        {
            int count = _file.Read(buffer);
            if (count > 0)
                return count;
            ReadOnlySpan<byte> left = Member.AsSpan(_markGiven);
            left = left[..Math.Min(left.Length, buffer.Length)];
            left.CopyTo(buffer);
            _markGiven += left.Length;
            return left.Length;
        }

        protected override void Dispose(bool disposing)
        {
            _file.Dispose();
            base.Dispose(disposing);
        }

        private static byte[] Compress(byte[] bytes)
        {
            using MemoryStream target = new();
            using (GZipStream gzip = new(target, CompressionLevel.Fastest))
                gzip.Write(bytes);
            return target.ToArray();
        }
    }
}
