namespace BrokenPipeTools.Cli;

/// <summary>The names of an enum's values, looked up once.</summary>
internal static class EnumNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue.GetValueOrDefault(value) ?? value.ToString();

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue = Enum.GetValues<T>().ToDictionary(v => v, v => v.ToString());
    }
}
