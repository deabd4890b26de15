using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of comparisons.</summary>
internal static class ComparisonShape
{
    public static RecordShape<ConnectionComparison> Shape { get; } = new(
        [
            new("Reference", 9, one => Number(one.ReferenceStream), Right: true),
            new("Difference", 10, one => Number(one.DifferenceStream), Right: true),
            new("Client", 21, one => one.ClientEndpoint.ToString()),
            new("Server", 21, one => one.ServerEndpoint.ToString()),
            new("Verdict", 12, one => EnumNames.Of(one.Verdict)),
            new("Sure", 6, one => EnumNames.Of(one.Confidence)),
            new("Explanation", 0, one => one.Explanation),
        ],
        JsonShape.Default.ConnectionComparison,
        one => [(nameof(one.Packets), one.Packets.Select(packet => packet.ToString()))],
        [.. ReadingOrder.ConnectionComparison.Except([nameof(ConnectionComparison.Reference), nameof(ConnectionComparison.Difference)])]);

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
