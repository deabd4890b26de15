using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// The columns and properties of interfaces. All interfaces are known before the first is printed, so the columns are as wide as their names need.
/// </summary>
internal static class InterfaceShape
{
    public static RecordShape<PcapInterface> Of(IReadOnlyList<PcapInterface> interfaces) => new(
        [
            new("", interfaces.Select(i => DisplayText.Of(i.Name).Length).DefaultIfEmpty(0).Max(), i => i.Name),
            new("", "down".Length, i => i.IsUp ? "up" : "down"),
            new("", 0, AddressesAndDescription),
        ],
        JsonShape.Default.PcapInterface);

    private static string AddressesAndDescription(PcapInterface known)
    {
        string addresses = string.Join(' ', known.Addresses);
        return addresses.Length > 0 ? $"{addresses}  {known.Description}" : known.Description;
    }
}
