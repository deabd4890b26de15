using System.Diagnostics;
using BrokenPipeTools.Http;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The result of reading the next request.</summary>
internal enum RequestKind
{
    /// <summary>A complete HTTP request.</summary>
    Http,

    /// <summary>Bytes of another protocol, as many as one read returned.</summary>
    Other,

    /// <summary>An HTTP request whose head is too long.</summary>
    TooLong,

    /// <summary>An HTTP request whose body has no valid length, or no valid chunks.</summary>
    Damaged,

    /// <summary>The client has closed.</summary>
    Closed,

    /// <summary>No byte came within the time allowed.</summary>
    NothingCame,

    /// <summary>The head of an HTTP request has begun, and was not complete within the time allowed.</summary>
    HeaderTimedOut,
}

/// <summary>
/// Reads requests from a connection one after another. Its memory is bounded by the head of one request; bodies are discarded as they arrive.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="maxSilence">The longest silence; null for no limit.</param>
/// <param name="leaveBody">Whether a request is complete with its head. The body then stays unread in the kernel.</param>
internal sealed class RequestReader(ServerConnection connection, TimeSpan? maxSilence = null, bool leaveBody = false)
{
    private const int FirstBuffer = 2048;

    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <summary>The head of the last request that <see cref="NextAsync"/> returned.</summary>
    public HttpHead? Head { get; private set; }

    /// <summary>The received bytes after the end of the last request.</summary>
    public ReadOnlySpan<byte> Held => _buffer.AsSpan(_start, _end - _start);

    public async ValueTask<RequestKind> NextAsync()
    {
        Head = null;
        long? begin = null;
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n')
                _start++; // empty lines before a request are skipped (RFC 9112, section 2.2)
            if (!HttpHead.MayBegin(Held))
                return TakeOther();
            if (HttpHead.EndOf(Held) is > 0 and int end)
                return await TakeHttpAsync(end).ConfigureAwait(false);
            if (Held.Length >= connection.Options.MaxRequestBytes)
                return RequestKind.TooLong;
            TimeSpan? left = null;
            if (Held.Length > 0)
            {
                begin ??= Stopwatch.GetTimestamp();
                left = connection.Options.HeaderTimeout - Stopwatch.GetElapsedTime(begin.Value);
                if (left <= TimeSpan.Zero)
                    return TakeHeaderTimeout();
            }

            int count = await FillAsync(left < maxSilence || maxSilence is null ? left : maxSilence).ConfigureAwait(false);
            if (count == 0)
                return RequestKind.Closed;
            if (count < 0 && (left is null || maxSilence < left))
                return RequestKind.NothingCame;
        }
    }

    private RequestKind TakeHeaderTimeout()
    {
        connection.HeaderTimedOut = true;
        return RequestKind.HeaderTimedOut;
    }

    private RequestKind TakeOther()
    {
        _start = _end = 0;
        connection.CountRequest();
        return RequestKind.Other;
    }

    private async ValueTask<RequestKind> TakeHttpAsync(int length)
    {
        Head = HttpHead.Parse(Held[..length]);
        _start += length;
        RequestKind kind = leaveBody ? RequestKind.Http : await SkipBodyAsync(Head).ConfigureAwait(false);
        if (kind == RequestKind.Http)
            connection.CountRequest();
        return kind;
    }

    private async ValueTask<RequestKind> SkipBodyAsync(HttpHead head)
    {
        ChunkedBody? chunks = head.Chunked ? new ChunkedBody() : null;
        long left = head.ContentLength;
        if (chunks is null && head.IsDamaged)
            return RequestKind.Damaged; // before 100 (Continue), which would ask for a body that is not read (RFC 9110, section 10.1.1)
        if (head.ExpectsContinue && Held.Length == 0 && (head.Chunked || left > 0))
            await connection.SendAsync(Continue).ConfigureAwait(false);
        while (true)
        {
            int taken = chunks?.Skip(Held) ?? (int)Math.Min(left, Held.Length);
            _start += taken;
            left -= taken;
            if (chunks is { IsDamaged: true })
                return RequestKind.Damaged;
            if (chunks?.IsComplete ?? left == 0)
                return RequestKind.Http;
            int count = await FillAsync(maxSilence).ConfigureAwait(false);
            if (count <= 0)
                return count == 0 ? RequestKind.Closed : RequestKind.NothingCame;
        }
    }

    /// <summary>Reads more data into the buffer.</summary>
    private async ValueTask<int> FillAsync(TimeSpan? limit)
    {
        if (_start > 0)
        {
            Held.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, Math.Max(_buffer.Length, connection.Options.MaxRequestBytes)));
        Memory<byte> room = _buffer.AsMemory(_end);
        if (leaveBody)
        {
            int there = await connection.ReceiveAsync(room, limit, peek: true).ConfigureAwait(false);
            if (there <= 0)
                return there;
            room = room[..OfTheHead(_end + there)];
        }

        int count = await connection.ReceiveAsync(room, limit).ConfigureAwait(false);
        _end += Math.Max(0, count);
        return count;
    }

    /// <summary>Returns how many of the peeked bytes belong to the head. For another protocol it returns one byte, which is enough to recognize it.</summary>
    private int OfTheHead(int end)
    {
        ReadOnlySpan<byte> all = _buffer.AsSpan(0, end);
        int headEnd = HttpHead.EndOf(all);
        return !HttpHead.MayBegin(all.TrimStart("\r\n"u8)) ? 1 : headEnd > _end ? headEnd - _end : end - _end;
    }
}
