using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the addresses of this machine; the tooltip is the interface.</summary>
public sealed class LocalAddressCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => Read()
        .OrderBy(found => !IPAddress.IsLoopback(found.Address))
        .ThenBy(found => found.Address.AddressFamily != AddressFamily.InterNetwork)
        .Select(found => (found.Address.ToString(), found.Interface));

    private static IReadOnlyList<(IPAddress Address, string Interface)> Read()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(device => device.GetIPProperties().UnicastAddresses.Select(one => (one.Address, device.Name)))];
        }
        catch (NetworkInformationException)
        {
            return []; // Tab must not cause an error
        }
    }
}
