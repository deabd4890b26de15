using System.Collections.Concurrent;

namespace BrokenPipeTools.Cli;

/// <summary>The names of an enum's values, combinations of flags included, each made once.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue.GetOrAdd(value, static v => v.ToString());

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly ConcurrentDictionary<T, string> ByValue = new();
    }
}
