namespace BrokenPipeTools.Wire;

/// <summary>
/// Handles headers with a source route or a mobile host's home address: then the TCP checksum is not computed with the address fields, but with the
/// final destination (RFC 8200, section 8.1) and the home address (RFC 6275, section 11.3.1). The record has the address fields, as do tshark's
/// ip.src and ip.dst.
/// </summary>
internal static class SourceRoute
{
    private const int AddressLength = 16;

    /// <summary>Reads the IPv4 options (RFC 791, section 3.1): a loose (131) or strict (137) route ends with the final destination.</summary>
    public static void ReadIPv4(ReadOnlySpan<byte> options, ref IpHeader ip)
    {
        while (!options.IsEmpty && options[0] != 0)
        {
            if (options[0] == 1)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                return;
            int length = options[1];
            if (options[0] is 131 or 137)
            {
                bool isUsable = length >= 7 && options[2] >= 4 && (options[2] & 3) == 0 && options[2] <= length;
                if (isUsable)
                    ip.FinalDestination = IpBits.ReadIPv4(options.Slice(length - 4, 4));
                return;
            }

            options = options[length..];
        }
    }

    /// <summary>
    /// Reads the routing header (RFC 8200, section 4.4), if segments are left: types 0 (RFC 5095) and 2 (RFC 6275) end with the final destination,
    /// type 4 (RFC 8754) begins with it.
    /// </summary>
    public static void ReadRouting(ReadOnlySpan<byte> header, ref IpHeader ip)
    {
        const int AddressesAt = 8;
        byte type = header[2];
        byte segmentsLeft = header[3];
        int count = (header.Length - AddressesAt) / AddressLength;
        if (segmentsLeft == 0 || count == 0)
            return;
        if (type is 0 or 2)
            ip.FinalDestination = IpBits.ReadIPv6(header[(AddressesAt + ((count - 1) * AddressLength))..]);
        else if (type == 4)
            ip.FinalDestination = IpBits.ReadIPv6(header[AddressesAt..]);
    }

    /// <summary>Reads the destination options header: the home address option (201; RFC 6275, section 6.3) contains the real source.</summary>
    public static void ReadDestinationOptions(ReadOnlySpan<byte> header, ref IpHeader ip)
    {
        const byte Pad1 = 0;
        const byte HomeAddress = 201;
        ReadOnlySpan<byte> options = header[2..];
        while (!options.IsEmpty)
        {
            if (options[0] == Pad1)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
                return;
            if (options[0] == HomeAddress && options[1] == AddressLength)
                ip.HomeSource = IpBits.ReadIPv6(options[2..]);
            options = options[(2 + options[1])..];
        }
    }
}
