using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The names of an enum's values, including combinations of flags. Each name is made only once.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        if (Unsafe.SizeOf<T>() == sizeof(int) && Unsafe.As<T, uint>(ref value) is var number && number < Names<T>.Small.Length)
            return Names<T>.Small[number] ??= value.ToString();
        return Rare<T>.ByValue.GetOrAdd(value, static v => v.ToString());
    }

    /// <summary>Returns the name in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Of<T>(T value)
        where T : struct, Enum
    {
        if (Unsafe.SizeOf<T>() == sizeof(int) && Unsafe.As<T, uint>(ref value) is var number && number < Names<T>.SmallUtf8.Length)
            return Names<T>.SmallUtf8[number] ??= Encoding.UTF8.GetBytes(value.ToString());
        return Encoding.UTF8.GetBytes(Of(value));
    }

    private static class Names<T>
        where T : struct, Enum
    {
        /// <summary>Two threads may make the same name twice, which is harmless.</summary>
        public static readonly string?[] Small = new string?[64];

        public static readonly byte[]?[] SmallUtf8 = new byte[]?[64];
    }

    /// <summary>A separate table, because compiling a generic dictionary for each enum takes longer than making all names.</summary>
    private static class Rare<T>
        where T : struct, Enum
    {
        public static readonly ConcurrentDictionary<T, string> ByValue = new();
    }
}
