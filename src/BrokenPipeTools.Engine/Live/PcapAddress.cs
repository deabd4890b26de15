using System.Net;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Live;

/// <summary>Reads the addresses that pcap_findalldevs lists: socket addresses, whose layout is each system's own.</summary>
internal static class PcapAddress
{
    private const int IPv4Length = 16; // struct sockaddr_in
    private const int IPv6Length = 28; // struct sockaddr_in6
    private const byte InterNetwork = 2; // AF_INET is 2 everywhere

    /// <summary>AF_INET6: every system chose its own.</summary>
    private static byte InterNetworkV6 => OperatingSystem.IsWindows() ? (byte)23 : OperatingSystem.IsMacOS() ? (byte)30 : OperatingSystem.IsFreeBSD() ? (byte)28 : (byte)10;

    /// <summary>The BSDs put a length byte before the family, which is a byte there; elsewhere the family has two, in the machine's own order.</summary>
    private static bool HasLengthByte => OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD();

    /// <summary>The addresses of a list of struct pcap_addr.</summary>
    public static IReadOnlyList<IPAddress> ReadAll(nint first)
    {
        List<IPAddress> addresses = [];
        for (nint at = first; at != 0;)
        {
            NativeAddress native = Marshal.PtrToStructure<NativeAddress>(at);
            if (native.Address != 0 && Read(native.Address) is { } address)
                addresses.Add(address);
            at = native.Next;
        }

        return addresses;
    }

    /// <summary>The address in a socket address; null where it is neither IPv4 nor IPv6 (link-layer addresses are listed too).</summary>
    internal static IPAddress? Parse(ReadOnlySpan<byte> address, byte ipv6Family, bool hasLengthByte)
    {
        int family = hasLengthByte ? address[1] : BitConverter.ToUInt16(address);
        if (family == InterNetwork && address.Length >= 8)
            return new IPAddress(address.Slice(4, 4));
        if (family != ipv6Family || address.Length < IPv6Length)
            return null;
        IPAddress ip = new(address.Slice(8, 16));
        return ip.IsIPv6LinkLocal ? new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])) : ip;
    }

    private static IPAddress? Read(nint address)
    {
        byte[] family = new byte[2];
        Marshal.Copy(address, family, 0, family.Length);
        int found = HasLengthByte ? family[1] : BitConverter.ToUInt16(family);
        if (found != InterNetwork && found != InterNetworkV6)
            return null; // how long it is only its own kind knows
        byte[] whole = new byte[found == InterNetwork ? IPv4Length : IPv6Length];
        Marshal.Copy(address, whole, 0, whole.Length);
        return Parse(whole, InterNetworkV6, HasLengthByte);
    }

    /// <summary>struct pcap_addr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct NativeAddress
    {
        public readonly nint Next;
        public readonly nint Address;
        public readonly nint Netmask;
        public readonly nint Broadcast;
        public readonly nint Destination;
    }
}
