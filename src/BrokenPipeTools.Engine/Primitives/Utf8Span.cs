using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace BrokenPipeTools.Primitives;

/// <summary>A buffer that is filled from its beginning. The caller makes it large enough.</summary>
internal ref struct Utf8Span(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    public int Length { get; private set; }

    [UnscopedRef]
    public ref Utf8Span Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(_room[Length..]);
        Length += utf8.Length;
        return ref this;
    }

    [UnscopedRef]
    public ref Utf8Span Append(long number)
    {
        Utf8Formatter.TryFormat(number, _room[Length..], out int written);
        Length += written;
        return ref this;
    }
}
