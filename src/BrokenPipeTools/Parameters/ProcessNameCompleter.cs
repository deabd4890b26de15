using System.Globalization;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the names of running programs; the tooltip has their process ids.</summary>
public sealed class ProcessNameCompleter : WordCompleter
{
    private const int MostIds = 8;

    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => ProcessIdCompleter.Running()
        .GroupBy(process => process.Name, StringComparer.Ordinal)
        .OrderBy(program => program.Key, StringComparer.OrdinalIgnoreCase)
        .Select(program => (program.Key, string.Join(", ", program.Take(MostIds).Select(process => process.Id.ToString(CultureInfo.InvariantCulture))) + (program.Count() > MostIds ? ", …" : "")));
}
