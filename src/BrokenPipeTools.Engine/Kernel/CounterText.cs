using System.Globalization;
using System.Text;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// Reads the counters of TCP from the text of <c>/proc/net/snmp</c>, <c>/proc/net/netstat</c> (net/ipv4/proc.c: a line of names, then
/// a line of values, both behind the same word) and <c>/proc/net/sockstat</c> (names and values in turn). A part that is damaged is
/// left out: a counter that is missing is better than the value of another one under its name.
/// </summary>
internal static class CounterText
{
    private const int MostNames = 4096;
    private const int LongestName = 64;

    /// <summary>The settings of RFC 4022, which are not counters.</summary>
    private static readonly string[] Settings = ["RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn"];

    /// <summary>Reads a text of names above values.</summary>
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

    /// <summary>A last line without its end was cut, and its last number too.</summary>
    private static string[] CompleteLines(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text[..(text.LastIndexOf((byte)'\n') + 1)]).Split('\n');
}
