using System.Globalization;
using System.Text;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// Reads the counters of TCP from the text of /proc/net/snmp and /proc/net/netstat (net/ipv4/proc.c: a line of names, then a line of values, both
/// beginning with the same word) and of /proc/net/sockstat (names and values alternate). A damaged part is left out, because a missing counter is
/// better than a counter with the value of another one.
/// </summary>
internal static class CounterText
{
    private const int MostNames = 4096;
    private const int LongestName = 64;

    /// <summary>The names in RFC 4022 that are settings, and not counters.</summary>
    private static readonly string[] Settings = ["RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn"];

    /// <summary>Reads a text with lines of names and lines of values.</summary>
    public static IEnumerable<CounterValue> ReadTable(ReadOnlySpan<byte> text)
    {
        List<CounterValue> found = [];
        string[] names = [];
        foreach (string line in CompleteLines(text))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is not [CounterSection.Tcp + ":" or CounterSection.TcpExt + ":", ..] || words.Length > MostNames)
            {
                names = [];
                continue;
            }

            bool areValues = names.Length == words.Length && names[0] == words[0];
            if (areValues)
                Add(found, names[0][..^1], names[1..].Zip(words[1..]));
            names = areValues ? [] : words;
        }

        return found;
    }

    /// <summary>Reads the line of TCP from the text of <c>sockstat</c>.</summary>
    public static IEnumerable<CounterValue> ReadSockStat(ReadOnlySpan<byte> text)
    {
        List<CounterValue> found = [];
        string[] words = CompleteLines(text).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(line => line is ["TCP:", ..]) ?? [];
        if (words.Length % 2 == 1 && words.Length <= MostNames)
            Add(found, CounterSection.SockStat, words[1..].Chunk(2).Select(pair => (pair[0], pair[1])));
        return found;
    }

    private static void Add(List<CounterValue> found, string section, IEnumerable<(string Name, string Value)> pairs)
    {
        foreach ((string name, string value) in pairs)
        {
            bool isCounter = name.Length <= LongestName && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !Settings.Contains(name);
            if (isCounter && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                found.Add(new CounterValue(section, name, number));
        }
    }

    /// <summary>Splits the text into lines. A last line without a line feed was cut, possibly within a number, so it is left out.</summary>
    private static string[] CompleteLines(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text[..(text.LastIndexOf((byte)'\n') + 1)]).Split('\n');
}
