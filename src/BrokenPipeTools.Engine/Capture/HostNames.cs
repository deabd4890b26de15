using System.Collections.Concurrent;
using System.Globalization;

namespace BrokenPipeTools.Capture;

/// <summary>
/// The host names that are used in place of addresses. Each name gets an address of its own that no host on a network can have: in 0.0.0.0/8 (RFC
/// 1122, section 3.2.1.3) or in 100::/64 (RFC 6666). Names are added while a capture is read, and any thread may look them up.
/// </summary>
public sealed class HostNames
{
    /// <summary>The most names that are kept.</summary>
    public const int MaxNames = 100_000;

    /// <summary>The longest name, in characters (RFC 1035, section 2.3.4, allows 255 bytes).</summary>
    public const int MaxNameLength = 255;

    private const ulong Discard = 0x0100_0000_0000_0000; // 100::/64
    private const uint FirstOther = 0x0100_0000; // 1.0.0.0

    private readonly Dictionary<string, uint> _numbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<uint, string> _names = new();

    /// <summary>The number of names that were added so far.</summary>
    public int Count => _numbers.Count;

    /// <summary>Returns whether an address represents a name.</summary>
    public static bool IsNumber(ulong high, ulong low, bool isIPv6) => isIPv6 ? high == Discard : low < FirstOther;

    /// <summary>Returns the name that an address represents; null if it is an ordinary address.</summary>
    public string? Find(ulong high, ulong low, bool isIPv6) =>
        IsNumber(high, low, isIPv6) && low <= MaxNames && _names.TryGetValue((uint)low, out string? name) ? name : null;

    /// <summary>
    /// Finds or makes the address of a name, and returns its low word. Returns false if there are too many names, or the text cannot be a name.
    /// </summary>
    internal bool TryNumber(string name, out uint number)
    {
        if (_numbers.TryGetValue(name, out number))
            return true;
        if (name.Length is 0 or > MaxNameLength || _numbers.Count >= MaxNames || name.Any(c => char.IsControl(c) || c is ',' or '"'))
            return false;
        number = (uint)_numbers.Count + 1;
        _numbers.Add(name, number);
        _names[number] = name;
        return true;
    }

    /// <summary>Returns the high word of the addresses that represent names.</summary>
    internal static ulong High(bool isIPv6) => isIPv6 ? Discard : 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} names");
}
