using System.Globalization;
using System.Reflection;
using System.Text;

namespace BrokenPipeTools.Diagnosis;

/// <summary>A product's default.</summary>
/// <param name="Seconds">After so long.</param>
/// <param name="Mode">How it ends the connection.</param>
/// <param name="Closer">Who does: Client, Server, Middlebox or Both.</param>
/// <param name="Product">Whose default it is, and what it is called there.</param>
/// <param name="Source">Where that is documented.</param>
internal sealed record KnownTimer(double Seconds, TimerMode Mode, string Closer, string Product, string Source);

/// <summary>
/// The time-outs that products have by default. The table is known-timers.csv beside this file, each row with its source. A match
/// proves nothing: most can be configured, and many share a number.
/// </summary>
internal static class KnownTimers
{
    /// <summary>Timers fire late, hardly ever early.</summary>
    private const double Early = 0.1;

    private const double LateAtLeast = 0.6;
    private const double LateShare = 0.01;
    private const int Named = 4;

    /// <summary>Every row.</summary>
    public static IReadOnlyList<KnownTimer> All { get; } = Load();

    /// <summary>The rows that a silence of so many seconds is consistent with, the nearest first.</summary>
    public static IReadOnlyList<KnownTimer> Match(double seconds, bool closedByClient, TimerMode mode) =>
    [
        .. All.Where(t => t.Mode == mode && Fits(t, closedByClient) && seconds >= t.Seconds - Early && seconds <= t.Seconds + Math.Max(LateAtLeast, t.Seconds * LateShare))
            .OrderBy(t => Math.Abs(t.Seconds - seconds)),
    ];

    /// <summary>", consistent with the default of …" where there is one; else nothing.</summary>
    public static string Describe(double seconds, bool closedByClient, TimerMode mode)
    {
        IReadOnlyList<KnownTimer> matches = Match(seconds, closedByClient, mode);
        if (matches.Count == 0)
            return "";
        string more = matches.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {matches.Count - Named} more") : "";
        return $", consistent with the default of {string.Join(", ", matches.Take(Named).Select(t => t.Product))}{more}";
    }

    private static bool Fits(KnownTimer timer, bool closedByClient) =>
        timer.Closer is "Both" or "Middlebox" || timer.Closer == (closedByClient ? "Client" : "Server");

    private static List<KnownTimer> Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("BrokenPipeTools.known-timers.csv")!;
        using StreamReader reader = new(stream);
        List<KnownTimer> timers = [];
        reader.ReadLine(); // the names of the columns
        while (reader.ReadLine() is { } line)
        {
            string[] fields = Fields(line);
            timers.Add(new KnownTimer(double.Parse(fields[0], CultureInfo.InvariantCulture), Enum.Parse<TimerMode>(fields[1]), fields[2], fields[3], fields[4]));
        }

        return timers;
    }

    /// <summary>RFC 4180, a line at a time: no field of this table has a line break or a quotation mark in it.</summary>
    private static string[] Fields(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
