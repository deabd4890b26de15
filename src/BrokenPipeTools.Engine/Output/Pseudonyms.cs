using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Output;

/// <summary>
/// Replaces addresses, names and paths of captures in an anonymous export. Each one has the same pseudonym throughout the export; pseudonyms are
/// numbered in the order in which the originals occur. Pseudonyms of private addresses differ from those of public ones. An address that does not
/// belong to one host (0.0.0.0, multicast, broadcast) is kept.
/// </summary>
internal sealed partial class Pseudonyms
{
    /// <summary>The first pseudonyms of each kind. No host has one of the public ones as its address.</summary>
    private const uint FirstPrivate = 0x0AD5_0001; // 10.213.0.1
    private const uint FirstPublic = 0xC612_0001; // 198.18.0.1, for benchmarks (RFC 2544): 131,070 addresses
    private const uint BenchmarkAddresses = 131_070;
    private const uint FirstReserved = 0xF000_0000; // 240.0.0.0 (RFC 1112), if the others are used up

    // 2001:db8:1:1:1:1:1:1 and 2001:db8:2:2:2:2:2:1, for documentation (RFC 3849); they are chosen so that their texts do not end like ::1.
    private static readonly IpBits FirstPrivateV6 = new(0x2001_0DB8_0001_0001, 0x0001_0001_0001_0001);
    private static readonly IpBits FirstPublicV6 = new(0x2001_0DB8_0002_0002, 0x0002_0002_0002_0001);

    /// <summary>Names that identify no host and occur in every explanation. They are kept.</summary>
    private static readonly HashSet<string> PlainNames = new(StringComparer.OrdinalIgnoreCase) { "client", "server", "localhost", "network" };

    private readonly Dictionary<(IpBits Address, bool IsIPv6), IpBits> _addresses = [];
    private readonly HashSet<(IpBits Address, bool IsIPv6)> _originals = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _captures = [];
    private readonly Dictionary<ulong, ulong> _hardware = [];
    private readonly Dictionary<HostNames, int> _learned = [];
    private readonly uint[] _given = new uint[4];

    /// <summary>Returns the pseudonym of an address.</summary>
    public IpBits Of(IpBits address, bool isIPv6)
    {
        if (_addresses.TryGetValue((address, isIPv6), out IpBits given))
            return given;
        _originals.Add((address, isIPv6));
        return _addresses[(address, isIPv6)] = IsNoHost(address, isIPv6) ? address : Give(isIPv6, IsPrivate(address, isIPv6));
    }

    /// <summary>
    /// Returns the pseudonym of a hardware address of six bytes, which is a locally administered address. Group addresses and zero are kept.
    /// </summary>
    public ulong OfHardware(ulong address)
    {
        bool isGroup = (address >> 40 & 1) != 0;
        if (isGroup || address == 0)
            return address;
        if (!_hardware.TryGetValue(address, out ulong given))
            _hardware[address] = given = 0x0200_0000_0000 + (ulong)_hardware.Count + 1;
        return given;
    }

    /// <summary>Returns the replacement of a host name, or of an address as text.</summary>
    public string Host(string name)
    {
        if (PlainNames.Contains(name))
            return name;
        if (IsAddress(name, out IPAddress address))
            return Text(address);
        if (!_names.TryGetValue(name, out string? given))
            _names[name] = given = string.Create(CultureInfo.InvariantCulture, $"host-{_names.Count + 1}.example"); // RFC 2606
        return given;
    }

    /// <summary>Returns the replacement of a capture's path. File names often contain a host name, and folders a user name.</summary>
    public string Capture(string path)
    {
        if (!_captures.TryGetValue(path, out string? given))
            _captures[path] = given = string.Create(CultureInfo.InvariantCulture, $"capture-{_captures.Count + 1}");
        return given;
    }

    /// <summary>Replaces all addresses and all known names in a text.</summary>
    public string Text(string text) => Words().Replace(text, word => Replacement(word.Value));

    /// <summary>Gives pseudonyms to the addresses and names of a connection, in the same order for each format.</summary>
    public void Learn(ConnectionClose record)
    {
        _originals.Add((record.Connection.Key.Address0, record.Connection.Key.IsIPv6));
        _originals.Add((record.Connection.Key.Address1, record.Connection.Key.IsIPv6));
        Host(record.ClientAddress);
        Host(record.ServerAddress);
        if (record.ServerName is { } name)
            Host(name);
        if (record.Names is not { } names)
            return;
        int from = _learned.GetValueOrDefault(names);
        for (int number = from + 1; number <= names.Count; number++)
            Host(names.Find(HostNames.High(isIPv6: false), (ulong)number, isIPv6: false) ?? "localhost");
        _learned[names] = names.Count;
    }

    // Finds the words that may be an address or the name of a host, without the dots at the end of a sentence.
    [GeneratedRegex(@"[\p{L}\p{N}_:](?:[\p{L}\p{N}_.:%-]*[\p{L}\p{N}_:])?")]
    private static partial Regex Words();

    private string Replacement(string word)
    {
        if (_names.TryGetValue(word, out string? name))
            return name;
        if (IsAddress(word, out IPAddress address))
            return Text(address);
        int colon = word.LastIndexOf(':'); // a port
        return colon > 0 && word.IndexOf(':', StringComparison.Ordinal) == colon ? Replacement(word[..colon]) + word[colon..] : word;
    }

    private static bool IsAddress(string word, out IPAddress address)
    {
        address = IPAddress.None;
        return (word.Contains(':', StringComparison.Ordinal) || word.AsSpan().Count('.') == 3) && IPAddress.TryParse(word, out address!);
    }

    private string Text(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        bool isIPv6 = bytes.Length == 16;
        return Of(isIPv6 ? IpBits.ReadIPv6(bytes) : IpBits.ReadIPv4(bytes), isIPv6).ToAddress(isIPv6).ToString();
    }

    /// <summary>Returns the next pseudonym of a kind that is not the real address of a host in the export.</summary>
    private IpBits Give(bool isIPv6, bool isPrivate)
    {
        IpBits given;
        do
        {
            uint number = _given[(isIPv6 ? 2 : 0) + (isPrivate ? 1 : 0)]++;
            given = (isIPv6, isPrivate) switch
            {
                (false, true) => new IpBits(0, FirstPrivate + number),
                (false, false) => new IpBits(0, (number < BenchmarkAddresses ? FirstPublic : FirstReserved) + number),
                (true, true) => FirstPrivateV6 with { Low = FirstPrivateV6.Low + number },
                (true, false) => FirstPublicV6 with { Low = FirstPublicV6.Low + number },
            };
        }
        while (_originals.Contains((given, isIPv6)));

        return given;
    }

    private static bool IsNoHost(IpBits address, bool isIPv6) => isIPv6
        ? address == default || address.High >> 56 == 0xFF
        : address == default || address.Low >> 28 == 0xE || address.Low == uint.MaxValue;

    /// <summary>
    /// Returns whether an address is private: RFC 1918, loopback, link-local, shared (RFC 6598), or an address that represents a name; for IPv6
    /// unique local (RFC 4193), and the corresponding kinds.
    /// </summary>
    private static bool IsPrivate(IpBits address, bool isIPv6)
    {
        if (isIPv6)
            return address.High >> 57 == 0xFC >> 1 || address.High >> 54 == 0xFE80 >> 6 || address is { High: 0, Low: 1 } || HostNames.IsNumber(address.High, address.Low, isIPv6);
        uint bits = (uint)address.Low;
        return bits >> 24 is 0 or 10 or 127 || bits >> 20 == 0xAC1 || bits >> 16 is 0xC0A8 or 0xA9FE || bits >> 22 == 0x6440 >> 6;
    }
}
