using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of a summary.</summary>
internal static class SummaryShape
{
    /// <summary>Returns the columns, with or without those of a comparison.</summary>
    public static RecordShape<SummaryLine> Of(bool hasReference)
    {
        List<TableColumn<SummaryLine>> columns =
        [
            new("Group", 8, line => EnumNames.Of(line.Group)),
            new("Count", 9, line => Number(line.Count), Right: true),
            new("Share", 7, line => Percent(line.Share), Right: true),
            new("Name", 31, line => line.Name),
            new("Troubled", 9, line => Number(line.Troubled), Right: true),
            new("Example", 0, line => line.Examples.Count > 0 ? line.Examples[0].ToString() : ""),
        ];
        if (hasReference)
            columns.InsertRange(3, [new("Before", 7, line => line.ReferenceShare is { } share ? Percent(share) : "", Right: true), new("Change", 6, line => line.Change == ShareChange.None ? "" : EnumNames.Of(line.Change))]);
        return new RecordShape<SummaryLine>(columns, JsonShape.Default.SummaryLine, line => [(nameof(line.Examples), line.Examples.Select(example => example.ToString()))], ReadingOrder.SummaryLine);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + '%';
}
