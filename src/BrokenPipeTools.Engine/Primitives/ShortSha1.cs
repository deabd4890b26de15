using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrokenPipeTools.Primitives;

/// <summary>
/// SHA-1 (FIPS 180-4, section 6.1) of four messages at the same time, each of which fits into one block: every vector has a word of each message. It is
/// used as an identifier, not for security. .NET's SHA-1 needs 0.5 µs for one message, most of it for the call of OpenSSL; this one needs about a thousand
/// instructions for each of four.
/// </summary>
internal static class ShortSha1
{
    /// <summary>How many messages are hashed at the same time.</summary>
    public const int Together = 4;

    /// <summary>The length of a hash in bytes.</summary>
    public const int HashLength = 20;

    /// <summary>The length of a block in bytes.</summary>
    public const int BlockLength = 64;

    /// <summary>The length of the longest message in bytes: a block, less the end mark and the length.</summary>
    public const int MaxLength = BlockLength - 1 - sizeof(ulong);

    private const int Words = BlockLength / sizeof(uint);
    private const int Rounds = 80;

    /// <summary>Computes the hashes of messages.</summary>
    /// <param name="blocks"><see cref="Together"/> blocks. Each begins with a message; its other bytes are 0.</param>
    /// <param name="lengths">The length of each message, at most <see cref="MaxLength"/>.</param>
    /// <param name="hashes">Receives <see cref="Together"/> hashes.</param>
    public static void Hash(Span<byte> blocks, ReadOnlySpan<int> lengths, Span<byte> hashes)
    {
        for (int i = 0; i < Together; i++)
        {
            Span<byte> block = blocks.Slice(i * BlockLength, BlockLength);
            block[lengths[i]] = 0x80;
            BinaryPrimitives.WriteUInt64BigEndian(block[^sizeof(ulong)..], (ulong)lengths[i] * 8);
        }

        Span<Vector128<uint>> schedule = stackalloc Vector128<uint>[Rounds];
        Expand(MemoryMarshal.Cast<byte, uint>(blocks), ref MemoryMarshal.GetReference(schedule));
        Compress(schedule, hashes);
    }

    /// <summary>Computes the schedule (section 6.1.2, step 1) of four blocks.</summary>
    private static void Expand(ReadOnlySpan<uint> blocks, ref Vector128<uint> schedule)
    {
        ReadOnlySpan<uint> first = blocks[..Words], second = blocks[Words..(2 * Words)], third = blocks[(2 * Words)..(3 * Words)], fourth = blocks[(3 * Words)..(4 * Words)];
        for (int t = 0; t < Words; t++)
            Unsafe.Add(ref schedule, t) = Vector128.Create(Host(first[t]), Host(second[t]), Host(third[t]), Host(fourth[t]));
        for (int t = Words; t < Rounds; t++)
        {
            ref Vector128<uint> next = ref Unsafe.Add(ref schedule, t);
            next = Rotate(Unsafe.Subtract(ref next, 3) ^ Unsafe.Subtract(ref next, 8) ^ Unsafe.Subtract(ref next, 14) ^ Unsafe.Subtract(ref next, 16), 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Host(uint network) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(network) : network;

    /// <summary>Applies the 80 rounds to the initial value of section 5.3.1.</summary>
    private static void Compress(ReadOnlySpan<Vector128<uint>> schedule, Span<byte> hashes)
    {
        State initial = new(
            Vector128.Create(0x67452301u), Vector128.Create(0xEFCDAB89u), Vector128.Create(0x98BADCFEu), Vector128.Create(0x10325476u), Vector128.Create(0xC3D2E1F0u));
        State end = initial.After<Choice>(schedule[..20], 0x5A827999).After<Parity>(schedule[20..40], 0x6ED9EBA1)
            .After<Majority>(schedule[40..60], 0x8F1BBCDC).After<Parity>(schedule[60..Rounds], 0xCA62C1D6);
        Write(initial.A + end.A, hashes);
        Write(initial.B + end.B, hashes[4..]);
        Write(initial.C + end.C, hashes[8..]);
        Write(initial.D + end.D, hashes[12..]);
        Write(initial.E + end.E, hashes[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> words, int bits) => (words << bits) | (words >>> (32 - bits));

    /// <summary>Writes a word of each hash.</summary>
    private static void Write(Vector128<uint> word, Span<byte> hashes)
    {
        for (int lane = 0; lane < Together; lane++)
            BinaryPrimitives.WriteUInt32BigEndian(hashes[(lane * HashLength)..], word[lane]);
    }

    /// <summary>The five working variables.</summary>
    private readonly record struct State(Vector128<uint> A, Vector128<uint> B, Vector128<uint> C, Vector128<uint> D, Vector128<uint> E)
    {
        /// <summary>
        /// Returns the state after rounds of one kind. In each round the five variables change their roles; the code has five rounds one after the
        /// other with the names exchanged, so that no value is moved.
        /// </summary>
        public State After<TMix>(ReadOnlySpan<Vector128<uint>> words, uint constant)
            where TMix : struct, IMix
        {
            Vector128<uint> a = A, b = B, c = C, d = D, e = E;
            Vector128<uint> added = Vector128.Create(constant);
            for (; words.Length >= 5; words = words[5..])
            {
                Turn(a, ref b, ref e, TMix.Of(b, c, d) + added + words[0]);
                Turn(e, ref a, ref d, TMix.Of(a, b, c) + added + words[1]);
                Turn(d, ref e, ref c, TMix.Of(e, a, b) + added + words[2]);
                Turn(c, ref d, ref b, TMix.Of(d, e, a) + added + words[3]);
                Turn(b, ref c, ref a, TMix.Of(c, d, e) + added + words[4]);
            }

            return new State(a, b, c, d, e);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Turn(Vector128<uint> first, ref Vector128<uint> second, ref Vector128<uint> last, Vector128<uint> mixed)
        {
            last += Rotate(first, 5) + mixed;
            second = Rotate(second, 30);
        }
    }

    /// <summary>A function of section 4.1.1.</summary>
    private interface IMix
    {
        static abstract Vector128<uint> Of(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z);
    }

    private readonly struct Choice : IMix
    {
        public static Vector128<uint> Of(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => z ^ (x & (y ^ z));
    }

    private readonly struct Parity : IMix
    {
        public static Vector128<uint> Of(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => x ^ y ^ z;
    }

    private readonly struct Majority : IMix
    {
        public static Vector128<uint> Of(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => (x & y) | (z & (x | y));
    }
}
