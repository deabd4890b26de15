using System.Globalization;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of counters.</summary>
internal static class CounterShape
{
    /// <summary>Returns the columns, with or without that of the change.</summary>
    public static RecordShape<TcpAbortCounter> Of(bool hasChange)
    {
        List<TableColumn<TcpAbortCounter>> columns =
        [
            new("Group", 14, counter => EnumNames.Of(counter.Group)),
            new("Name", 25, counter => counter.Name),
            new("Value", 12, counter => Number(counter.Value), Right: true),
            new("Limit", 9, counter => Number(counter.Limit), Right: true),
            new("Meaning", 0, counter => counter.Meaning),
        ];
        if (hasChange)
            columns.Insert(2, new("Change", 10, counter => Number(counter.Change), Right: true));
        return new RecordShape<TcpAbortCounter>(columns, JsonShape.Default.TcpAbortCounter);
    }

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
