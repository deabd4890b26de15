using System.IO.Compression;

namespace BrokenPipeTools.Capture;

/// <summary>
/// Decompresses gzip (RFC 1952), several members in a row included, and notices where the file was cut, which
/// <see cref="GZipStream"/> passes over in silence: a member of our own is put after the last byte, and what comes out at the
/// end must be that member and nothing else.
/// </summary>
/// <exception cref="EndOfStreamException">From <see cref="Read(Span{byte})"/>: the file ends in the middle of its compressed data.</exception>
internal sealed class GzipInput : ForwardStream
{
    private static readonly byte[] Mark = "the end of the file\0"u8.ToArray();

    private readonly Source _source;
    private readonly GZipStream _gzip;
    private bool _isWhole;

    public GzipInput(ByteWindow start, Stream rest)
    {
        _source = new Source(start, rest);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_isWhole)
            return 0;
        if (_source.IsMarkRead)
            throw Cut();
        try
        {
            int read = _gzip.Read(buffer);

            // Once it has asked for input beyond the file's end, nothing that comes out is the file's.
            if (!_source.IsMarkRead)
                return read;
            _isWhole = EndsWithMark(buffer[..read]);
            if (_isWhole)
                return 0;
        }
        catch (InvalidDataException) when (_source.IsMarkRead)
        {
            // Our member was taken for the continuation of an unfinished one.
        }

        throw Cut();
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

    /// <summary>What is left in the window that looked at the first bytes, then the file, then our member.</summary>
    private sealed class Source(ByteWindow start, Stream rest) : ForwardStream
    {
        private static readonly byte[] Member = Compress(Mark);

        private int _markGiven;

        public bool IsMarkRead => _markGiven > 0;

        public override int Read(Span<byte> buffer)
        {
            if (start.Ensure(1))
            {
                int count = Math.Min(buffer.Length, start.Bytes.Length);
                start.Bytes[..count].CopyTo(buffer);
                start.Advance(count);
                return count;
            }

            ReadOnlySpan<byte> left = Member.AsSpan(_markGiven);
            left = left[..Math.Min(left.Length, buffer.Length)];
            left.CopyTo(buffer);
            _markGiven += left.Length;
            return left.Length;
        }

        protected override void Dispose(bool disposing)
        {
            rest.Dispose();
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
