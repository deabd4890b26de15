using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Cli;

/// <summary>The names of an enum's values, combinations of flags included, each made once.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        if (Unsafe.SizeOf<T>() == sizeof(int) && Unsafe.As<T, uint>(ref value) is var number && number < Names<T>.Small.Length)
            return Names<T>.Small[number] ??= value.ToString();
        return Names<T>.ByValue.GetOrAdd(value, static v => v.ToString());
    }

    private static class Names<T>
        where T : struct, Enum
    {
        /// <summary>Nearly all there are: a race makes the same name twice.</summary>
        public static readonly string?[] Small = new string?[64];

        public static readonly ConcurrentDictionary<T, string> ByValue = new();
    }
}
