using System.Globalization;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// The kernel's limits for the numbers of <see cref="CounterSection.SockStat"/> (ip-sysctl.rst). Orphans and memory are counted and
/// limited for the whole machine, and only its first network namespace has their variables; TIME_WAIT is limited for each namespace.
/// </summary>
internal sealed class CounterLimits
{
    private const string Folder = "/proc/sys/net/ipv4/";
    private const int MostLetters = 256;

    private readonly Dictionary<string, long> _limits = [];

    private CounterLimits()
    {
    }

    /// <summary>Reads those that can be read from here.</summary>
    /// <param name="ofOwn">The counters are those of our own network namespace.</param>
    public static CounterLimits Read(bool ofOwn)
    {
        CounterLimits limits = new();
        limits.Add("orphan", "tcp_max_orphans");
        limits.Add("mem", "tcp_mem");
        if (ofOwn)
            limits.Add("tw", "tcp_max_tw_buckets");
        return limits;
    }

    /// <summary>Finds the limit of a counter. Returns null if there is none, or it cannot be read.</summary>
    public long? Find(CounterValue counter) => counter.Section == CounterSection.SockStat && _limits.TryGetValue(counter.Name, out long limit) ? limit : null;

    /// <summary>Of several numbers the last is the limit.</summary>
    private void Add(string name, string variable)
    {
        try
        {
            using StreamReader file = new(Folder + variable);
            char[] text = new char[MostLetters];
            string[] words = new string(text, 0, file.ReadBlock(text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && long.TryParse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long limit))
                _limits[name] = limit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container, or a namespace that has none: the number stands without its limit.
        }
    }
}
