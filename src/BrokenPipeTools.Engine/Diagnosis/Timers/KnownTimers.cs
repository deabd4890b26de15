using System.Globalization;
using System.Reflection;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>
/// A table of time-outs; it never changes. The built-in table is known-timers.csv beside this file: defaults of products, each with its source. A
/// match proves nothing: most time-outs can be configured, and several products have the same value.
/// </summary>
public sealed class KnownTimers
{
    /// <summary>Seconds. A timer fires at most this much early; it may fire late.</summary>
    private const double Early = 0.1;

    /// <summary>Seconds. A shorter silence matches no row of any table, so no table is searched.</summary>
    internal const double Least = TimerColumns.Shortest - Early;

    private const double LateAtLeast = 0.6;
    private const double LateShare = 0.01;
    private const double LeastShare = 0.5;
    private const int Named = 4;

    private static readonly Lazy<KnownTimers> Defaults = new(() => new KnownTimers([], LoadDefaults()));

    private readonly KnownTimer[] _timers; // the rows of the user's table come first
    private readonly int _own;
    private readonly double _shortest;

    internal KnownTimers(IReadOnlyCollection<KnownTimer> own, IEnumerable<KnownTimer> defaults)
    {
        _timers = [.. own, .. defaults];
        _own = own.Count;
        _shortest = _timers.Length == 0 ? double.PositiveInfinity : _timers.Min(t => t.Seconds);
    }

    /// <summary>The defaults of products.</summary>
    public static KnownTimers BuiltIn => Defaults.Value;

    /// <summary>Every row; those of the user's table come before the built-in ones. If several rows fit equally well, the first one is named first.</summary>
    public IReadOnlyList<KnownTimer> All => _timers;

    /// <summary>Reads the timers of a file; the built-in ones follow them.</summary>
    /// <exception cref="TimerFileException">The file cannot be read, or is not a table of timers.</exception>
    public static KnownTimers Read(string path) => new(TimerFile.Read(path), BuiltIn.All);

    /// <summary>Returns whether two silences, in seconds, may come from the same time-out.</summary>
    internal static bool AreOne(double a, double b) => Math.Abs(a - b) <= Math.Max(LateAtLeast, Math.Min(a, b) * LateShare);

    /// <summary>Returns whether a silence of this many seconds is consistent with any row.</summary>
    internal bool Knows(double seconds, bool closedByClient, TimerMode mode)
    {
        if (seconds < _shortest - Early)
            return false;
        foreach (KnownTimer timer in _timers)
        {
            if (Fits(timer, seconds, closedByClient, mode))
                return true;
        }

        return false;
    }

    /// <summary>Returns the rows that a silence of this many seconds is consistent with, the nearest first.</summary>
    internal IReadOnlyList<KnownTimer> Match(double seconds, bool closedByClient, TimerMode mode) =>
        [.. _timers.Where(t => Fits(t, seconds, closedByClient, mode)).OrderBy(t => Math.Abs(t.Seconds - seconds))];

    /// <summary>Returns ", consistent with the default of …" or "with your timer …" if a row fits; otherwise an empty text.</summary>
    internal string Describe(double seconds, bool closedByClient, TimerMode mode)
    {
        IReadOnlyList<KnownTimer> matches = Match(seconds, closedByClient, mode);
        if (matches.Count == 0)
            return "";
        string more = matches.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {matches.Count - Named} more") : "";
        return $", consistent with {string.Join(", ", matches.Take(Named).Select((t, i) => Name(t, saysDefault: i == 0 || IsOwn(matches[i - 1]))))}{more}";
    }

    /// <summary>
    /// Returns the timers that may have fired during a silence, the nearest first, four at most. Their time is at most the silence, and at least half
    /// of it: a device with a limit far below the silence is not more likely than any other device.
    /// </summary>
    internal IReadOnlyList<KnownTimer> MatchAtMost(double seconds, TimerMode mode) =>
        [.. _timers.Where(t => t.Mode == mode && t.Seconds <= seconds + Early && t.Seconds >= seconds * LeastShare).OrderByDescending(t => t.Seconds).Take(Named)];

    /// <summary>Returns " That is consistent with an idle limit of at most …" and the timers of that length, if there are any.</summary>
    internal string DescribeAtMost(double seconds, TimerMode mode)
    {
        IReadOnlyList<KnownTimer> matches = MatchAtMost(seconds, mode);
        string limit = $" That is consistent with an idle limit of at most {Words.Seconds(seconds)}";
        return matches.Count == 0
            ? $"{limit}."
            : $"{limit}: it may be the limit of {string.Join(", ", matches.Select(t => $"{Name(t, saysDefault: false)} ({Words.Seconds(t.Seconds)})"))}.";
    }

    private bool IsOwn(KnownTimer timer) => Array.IndexOf(_timers, timer) < _own;

    private string Name(KnownTimer timer, bool saysDefault) => (IsOwn(timer) ? "your timer " : saysDefault ? "the default of " : "") + timer.Product;

    private static bool Fits(KnownTimer timer, double seconds, bool closedByClient, TimerMode mode) =>
        (timer.Mode == mode || (mode == TimerMode.KeepAlive && timer.Mode == TimerMode.Fin))
        && seconds >= timer.Seconds - Early && seconds <= timer.Seconds + Math.Max(LateAtLeast, timer.Seconds * LateShare)
        && (timer.Closer is TimerCloser.Both or TimerCloser.Middlebox || timer.Closer == (closedByClient ? TimerCloser.Client : TimerCloser.Server));

    private static IReadOnlyList<KnownTimer> LoadDefaults()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("BrokenPipeTools.known-timers.csv")!;
        using StreamReader reader = new(stream);
        return TimerFile.Parse(reader.ReadToEnd(), "known-timers.csv");
    }
}
