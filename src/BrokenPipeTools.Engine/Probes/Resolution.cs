using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>The addresses of a target in the system's order (RFC 6724), or the reason why there are none.</summary>
/// <param name="Addresses">The addresses, without repetitions.</param>
/// <param name="Error">The resolver's error, such as HostNotFound or TryAgain; NoAddressOfFamily if there is no address of the requested IP version;
/// null if there was no error.</param>
internal sealed record Resolution(IReadOnlyList<IPAddress> Addresses, string? Error)
{
    private const string NoAddressOfFamily = "NoAddressOfFamily";

    public static async Task<Resolution> OfAsync(string name, TeardownOptions options, CancellationToken cancellation)
    {
        try
        {
            IPAddress[] all = IPAddress.TryParse(name, out IPAddress? literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(name, options.AddressFamily, cancellation).WaitAsync(options.ConnectTimeout, cancellation).ConfigureAwait(false);
            IPAddress[] wanted = [.. all.Where(address => options.AddressFamily is AddressFamily.Unspecified || address.AddressFamily == options.AddressFamily).Distinct()];
            return new Resolution(wanted, wanted.Length == 0 ? NoAddressOfFamily : null);
        }
        catch (SocketException error)
        {
            return new Resolution([], error.SocketErrorCode.ToString());
        }
        catch (TimeoutException)
        {
            return new Resolution([], nameof(SocketError.TimedOut));
        }
        catch (ArgumentException)
        {
            return new Resolution([], nameof(SocketError.HostNotFound)); // longer than any name (RFC 1035, section 2.3.4)
        }
        catch (OperationCanceledException)
        {
            return new Resolution([], nameof(SocketError.OperationAborted));
        }
    }
}
