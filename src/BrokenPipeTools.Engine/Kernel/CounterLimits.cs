using System.Globalization;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// The kernel's limits for the numbers of <see cref="CounterSection.SockStat"/> (ip-sysctl.rst). Orphans and memory are counted and limited for the
/// whole machine, and only the machine's first network namespace has their variables. TIME_WAIT is limited per namespace.
/// </summary>
internal sealed class CounterLimits
{
    private const string Folder = "/proc/sys/net/ipv4/";
    private const int MostLetters = 256;

    private readonly Dictionary<string, long> _limits = [];

    private CounterLimits()
    {
    }

    /// <summary>Reads the limits that this process can read.</summary>
    /// <param name="ofOwn">Whether the counters are those of this process's own network namespace.</param>
    public static CounterLimits Read(bool ofOwn)
    {
        CounterLimits limits = new();
        limits.Add("orphan", "tcp_max_orphans");
        limits.Add("mem", "tcp_mem");
        if (ofOwn)
            limits.Add("tw", "tcp_max_tw_buckets");
        return limits;
    }

    /// <summary>Returns the limit of a counter; null if there is none, or if it cannot be read.</summary>
    public long? Find(CounterValue counter) => counter.Section == CounterSection.SockStat && _limits.TryGetValue(counter.Name, out long limit) ? limit : null;

    /// <summary>Adds a limit. If the variable has several numbers, the last one is the limit.</summary>
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
            // In a container, or in a namespace without the variable, the counter is shown without its limit.
        }
    }
}
