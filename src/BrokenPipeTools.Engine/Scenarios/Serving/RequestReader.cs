using System.Diagnostics;
using BrokenPipeTools.Http;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>The result of reading the next request.</summary>
internal enum RequestKind
{
    /// <summary>A whole HTTP request.</summary>
    Http,

    /// <summary>Bytes of another protocol: whatever one read gave.</summary>
    Other,

    /// <summary>An HTTP request that cannot be one, or whose head is too long.</summary>
    Unacceptable,

    /// <summary>The client has closed.</summary>
    Closed,

    /// <summary>No byte came within the time allowed.</summary>
    NothingCame,

    /// <summary>The head of an HTTP request has begun, and did not come to its end within the time allowed.</summary>
    HeaderTimedOut,
}

/// <summary>
/// Takes requests from a conversation one after another. Memory is bounded by the head of one request; bodies are thrown away as
/// they come.
/// </summary>
/// <param name="conversation">Where they come from.</param>
/// <param name="patience">The longest silence; null for no limit.</param>
/// <param name="leaveBody">A request is complete with its head, and the rest stays unread in the kernel.</param>
internal sealed class RequestReader(Conversation conversation, TimeSpan? patience = null, bool leaveBody = false)
{
    private const int FirstBuffer = 2048;

    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <summary>The head of the request that <see cref="NextAsync"/> gave last.</summary>
    public HttpHead? Head { get; private set; }

    /// <summary>Bytes beyond the end of that request.</summary>
    public ReadOnlySpan<byte> Held => _buffer.AsSpan(_start, _end - _start);

    public async ValueTask<RequestKind> NextAsync()
    {
        Head = null;
        long? begin = null;
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n')
                _start++; // empty lines before a request are passed over (RFC 9112, section 2.2)
            if (!HttpHead.MayBegin(Held))
                return TakeOther();
            if (HttpHead.EndOf(Held) is > 0 and int end)
                return await TakeHttpAsync(end).ConfigureAwait(false);
            if (Held.Length >= conversation.Options.MaxRequestBytes)
                return RequestKind.Unacceptable;
            TimeSpan? left = null;
            if (Held.Length > 0)
            {
                begin ??= Stopwatch.GetTimestamp();
                left = conversation.Options.HeaderTimeout - Stopwatch.GetElapsedTime(begin.Value);
                if (left <= TimeSpan.Zero)
                    return TakeHeaderTimeout();
            }

            int count = await FillAsync(left < patience || patience is null ? left : patience).ConfigureAwait(false);
            if (count == 0)
                return RequestKind.Closed;
            if (count < 0 && (left is null || patience < left))
                return RequestKind.NothingCame;
        }
    }

    private RequestKind TakeHeaderTimeout()
    {
        conversation.HeaderTimedOut = true;
        return RequestKind.HeaderTimedOut;
    }

    private RequestKind TakeOther()
    {
        _start = _end = 0;
        conversation.CountRequest();
        return RequestKind.Other;
    }

    private async ValueTask<RequestKind> TakeHttpAsync(int length)
    {
        Head = HttpHead.Parse(Held[..length]);
        _start += length;
        RequestKind kind = leaveBody ? RequestKind.Http : await SkipBodyAsync(Head).ConfigureAwait(false);
        if (kind == RequestKind.Http)
            conversation.CountRequest();
        return kind;
    }

    private async ValueTask<RequestKind> SkipBodyAsync(HttpHead head)
    {
        ChunkedBody? chunks = head.Chunked ? new ChunkedBody() : null;
        long left = head.ContentLength;
        if (head.ExpectsContinue && Held.Length == 0 && (head.Chunked || left > 0))
            await conversation.SendAsync(Continue).ConfigureAwait(false);
        while (true)
        {
            int taken = chunks?.Skip(Held) ?? (int)Math.Min(left, Held.Length);
            _start += taken;
            left -= taken;
            if (chunks is { IsDamaged: true })
                return RequestKind.Unacceptable;
            if (chunks?.IsComplete ?? left == 0)
                return RequestKind.Http;
            int count = await FillAsync(patience).ConfigureAwait(false);
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
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, Math.Max(_buffer.Length, conversation.Options.MaxRequestBytes)));
        Memory<byte> room = _buffer.AsMemory(_end);
        if (leaveBody)
        {
            int there = await conversation.ReceiveAsync(room, limit, peek: true).ConfigureAwait(false);
            if (there <= 0)
                return there;
            room = room[..OfTheHead(_end + there)];
        }

        int count = await conversation.ReceiveAsync(room, limit).ConfigureAwait(false);
        _end += Math.Max(0, count);
        return count;
    }

    /// <summary>How many of the bytes that were only looked at belong to the head; of another protocol's, one is enough to know it.</summary>
    private int OfTheHead(int end)
    {
        ReadOnlySpan<byte> all = _buffer.AsSpan(0, end);
        int headEnd = HttpHead.EndOf(all);
        return !HttpHead.MayBegin(all.TrimStart("\r\n"u8)) ? 1 : headEnd > _end ? headEnd - _end : end - _end;
    }
}
