using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Reads the IP addresses of an option. They must be written in full, because .NET reads 1.2.3 as 1.2.0.3, and 010.0.0.1 as 8.0.0.1.</summary>
internal static class AddressOption
{
    public static IPAddress? ReadOne(ArgumentResult result) => Read(result, result.Tokens[0].Value);

    public static IPAddress[] ReadAll(ArgumentResult result) => [.. result.Tokens.Select(token => Read(result, token.Value)).OfType<IPAddress>()];

    private static IPAddress? Read(ArgumentResult result, string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text))
            return address;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name}: '{text}' is not an IP address");
        return null;
    }
}
