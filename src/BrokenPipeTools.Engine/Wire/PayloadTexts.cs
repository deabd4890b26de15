using System.Buffers;
using System.Text;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Stores the few texts of payloads that a record may contain: names of servers, and the text of a RST, only with harmless characters. A segment
/// refers to a text by its index; for a recent text the same index is used again. One thread adds texts; another may read the texts of the segments
/// that it received.
/// </summary>
internal sealed class PayloadTexts
{
    /// <summary>The number of stored texts; more than the segments on their way from one thread to the other.</summary>
    public const int Room = 16_384;

    /// <summary>RFC 1035, section 2.3.4.</summary>
    private const int LongestName = 255;

    private const int LongestText = 60;
    private const int ShortestText = 4;
    private const int Buckets = 4096;

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]_"u8);

    private static readonly SearchValues<byte> TextBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-_/()'!?"u8);

    private string?[] _texts = [];
    private int[] _latest = []; // the index of the newest text in each bucket
    private int _next;

    /// <summary>Returns the text with an index; valid only for a short time after it was added.</summary>
    public string? this[int at] => _texts[at];

    /// <summary>
    /// Adds the name of a host, with or without port. Returns its index, or 0 if the name is empty, is too long, or has a character that is not valid
    /// in a name.
    /// </summary>
    public int AddHostName(ReadOnlySpan<byte> name) =>
        name.Length is 0 or > LongestName || name.ContainsAnyExcept(NameBytes) ? 0 : Add(name);

    /// <summary>Adds the text of a RST. Returns its index, or 0 if the payload is not a short text.</summary>
    public int AddText(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> text = payload.Trim("\0\r\n "u8);
        return text.Length is < ShortestText or > LongestText || text.ContainsAnyExcept(TextBytes) ? 0 : Add(text);
    }

    private int Add(ReadOnlySpan<byte> text)
    {
        if (_texts.Length == 0)
            (_texts, _latest) = (new string?[Room], new int[Buckets]);
        HashCode hash = default; // with a random seed
        hash.AddBytes(text);
        ref int latest = ref _latest[hash.ToHashCode() & (Buckets - 1)];
        if (latest != 0 && IsFresh(latest) && Ascii.Equals(text, _texts[latest]))
            return latest;
        _next = _next + 1 < Room ? _next + 1 : 1;
        _texts[_next] = Encoding.ASCII.GetString(text);
        return latest = _next;
    }

    /// <summary>Returns whether an index will not be reused for another text while a segment refers to it.</summary>
    private bool IsFresh(int at) => (at > _next ? _next + Room - at : _next - at) < Room / 2;
}
