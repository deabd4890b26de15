using System.Globalization;
using System.Text;
using BrokenPipeTools.Http;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Finds the end of an HTTP/1.x answer to a GET (RFC 9112, section 6.3), in however many pieces its bytes come. If the protocol is not HTTP, the
/// first received bytes are the answer.
/// </summary>
internal sealed class AnswerReader
{
    /// <summary>Bytes. Servers send shorter heads; an answer with a longer head is not treated as HTTP.</summary>
    private const int LongestHead = 64 << 10;

    private readonly StringBuilder _head = new();
    private long _left = -1; // bytes of the body that are still missing; -1 if not known
    private ChunkedBody? _chunks;
    private bool _headRead;

    /// <summary>The HTTP status; 0 if the answer is not HTTP.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the answer announces that the connection closes after it (RFC 9112, section 9.6), which HTTP/1.0 does implicitly.</summary>
    public bool Announced { get; private set; }

    public bool IsComplete { get; private set; }

    /// <summary>Whether the head of the answer was read, or the answer is of another protocol.</summary>
    public bool HasBegun => _headRead || IsComplete;

    /// <summary>Whether the answer has no length, so that it ends when the connection does.</summary>
    public bool EndsWithConnection { get; private set; }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsComplete)
            bytes = _headRead ? FeedBody(bytes) : FeedHead(bytes);
    }

    private ReadOnlySpan<byte> FeedHead(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            _head.Append((char)bytes[i]);
            if (_head.Length > LongestHead || (_head.Length <= Protocol.Length && _head[^1] != Protocol[_head.Length - 1]))
            {
                IsComplete = true;
                return [];
            }

            if (bytes[i] == '\n' && _head.Length >= 4 && _head[^3] == '\n' && _head[^2] == '\r')
            {
                ReadHead(_head.ToString());
                return bytes[(i + 1)..];
            }
        }

        return [];
    }

    private const string Protocol = "HTTP/1.";

    private void ReadHead(string head)
    {
        _head.Clear();
        string[] lines = head.Split("\r\n");
        string[] status = lines[0].Split(' ');
        Status = status.Length > 1 && int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : 0;
        if (Status is >= 100 and < 200 and not 101)
            return; // an interim answer; the final one follows
        _headRead = true;
        string connection = Field(lines, "Connection");
        Announced = connection.Contains("close", StringComparison.OrdinalIgnoreCase)
            || (lines[0].StartsWith("HTTP/1.0", StringComparison.Ordinal) && !connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase));
        if (Field(lines, "Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase))
            _chunks = new ChunkedBody();
        else if (Status is 204 or 304)
            _left = 0;
        else if (long.TryParse(Field(lines, "Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            _left = length;
        else
            EndsWithConnection = Announced = true;
        IsComplete = _left == 0;
    }

    private ReadOnlySpan<byte> FeedBody(ReadOnlySpan<byte> bytes)
    {
        if (_chunks is not null)
        {
            _chunks.Skip(bytes);
            IsComplete = _chunks.IsComplete || _chunks.IsDamaged; // after damaged chunks, no further bytes can be parsed
            return [];
        }

        if (_left > 0)
        {
            _left -= bytes.Length;
            IsComplete = _left <= 0;
        }

        return [];
    }

    private static string Field(string[] lines, string name)
    {
        string? line = lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.OrdinalIgnoreCase) && l.Length > name.Length && l[name.Length] == ':');
        return line is null ? "" : line[(name.Length + 1)..].Trim();
    }
}
