using System.Globalization;

namespace BrokenPipeTools.Reports;

/// <summary>Formats numbers of seconds, for the command line and the module.</summary>
internal static class SecondsText
{
    /// <summary>
    /// Formats the shortest decimal number that is read back as the same value, in the invariant culture and without an exponent.
    /// </summary>
    public static string Of(double seconds)
    {
        string shortest = seconds == 0 ? "0" : seconds.ToString("R", CultureInfo.InvariantCulture); // not -0
        return shortest.Contains('E', StringComparison.Ordinal) && decimal.TryParse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact)
            ? exact.ToString(CultureInfo.InvariantCulture)
            : shortest;
    }
}
