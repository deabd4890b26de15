using System.Collections.Frozen;
using System.Globalization;

namespace BrokenPipeTools.Capture.Text;

/// <summary>The ports that tcpdump and Wireshark print by name: the TCP services of IANA that servers use.</summary>
internal static class ServiceNames
{
    private static readonly FrozenDictionary<string, int> Known = Read();

    /// <summary>Reads a port: a number, a name, or a name with its number such as <c>https(443)</c>. Returns false for anything else.</summary>
    public static bool TryPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        if (text.Length > 0 && text[^1] == ')' && text.LastIndexOf('(') is > 0 and var open)
            text = text[(open + 1)..^1];
        if (text.Length is 0 or > 40)
            return false;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return port <= ushort.MaxValue;
        return Known.TryGetValue(text.ToString(), out port);
    }

    private static FrozenDictionary<string, int> Read()
    {
        Dictionary<string, int> ports = new(StringComparer.OrdinalIgnoreCase);
        using Stream stream = typeof(ServiceNames).Assembly.GetManifestResourceStream("BrokenPipeTools.service-names.csv")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            int comma = line.IndexOf(',', StringComparison.Ordinal);
            if (comma > 0 && line[0] != '#')
                ports.TryAdd(line[..comma], int.Parse(line.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return ports.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
