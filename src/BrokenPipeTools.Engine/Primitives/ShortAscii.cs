using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrokenPipeTools.Primitives;

/// <summary>
/// Converts short texts to UTF-8 if they are ASCII. For a few dozen characters it needs half of the instructions of
/// <see cref="System.Text.Ascii.FromUtf16"/>, which is made for long texts.
/// </summary>
internal static class ShortAscii
{
    private const ushort NotAscii = 0xFF80;

    /// <summary>Writes a text, one byte for each character. Returns false if it has other characters than ASCII, or if the room is too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(ReadOnlySpan<char> text, Span<byte> room) =>
        text.Length <= room.Length && (text.Length < Vector128<ushort>.Count ? WriteFew(text, room) : WriteMany(text, room));

    private static bool WriteFew(ReadOnlySpan<char> text, Span<byte> room)
    {
        int all = 0;
        for (int i = 0; i < text.Length && i < room.Length; i++)
        {
            all |= text[i];
            room[i] = (byte)text[i];
        }

        return (all & NotAscii) == 0;
    }

    /// <summary>Writes eight characters at a time. The last eight may repeat some of those before them.</summary>
    private static bool WriteMany(ReadOnlySpan<char> text, Span<byte> room)
    {
        ref ushort from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref byte to = ref MemoryMarshal.GetReference(room);
        nuint last = (nuint)(text.Length - Vector128<ushort>.Count);
        Vector128<ushort> all = Write(ref from, ref to, last);
        for (nuint at = 0; at < last; at += (nuint)Vector128<ushort>.Count)
            all |= Write(ref from, ref to, at);
        return (all & Vector128.Create(NotAscii)) == Vector128<ushort>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Write(ref ushort from, ref byte to, nuint at)
    {
        Vector128<ushort> characters = Vector128.LoadUnsafe(ref from, at);
        Vector128.Narrow(characters, characters).GetLower().StoreUnsafe(ref to, at);
        return characters;
    }
}
