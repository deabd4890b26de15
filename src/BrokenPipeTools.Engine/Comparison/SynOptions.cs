using System.Buffers.Binary;
using System.Globalization;

namespace BrokenPipeTools.Comparison;

/// <summary>Compares the TCP options of one SYN at the two places. Devices lower the MSS, and remove or overwrite options that they do not support.</summary>
internal static class SynOptions
{
    private const byte End = 0;
    private const byte NoOperation = 1;
    private const byte MaximumSegmentSize = 2;
    private const byte Timestamps = 8;

    /// <summary>The names of the options that hosts send (IANA, TCP Option Kind Numbers).</summary>
    private static readonly Dictionary<byte, string> Names = new()
    {
        [MaximumSegmentSize] = "MSS", [3] = "window scale", [4] = "SACK", [Timestamps] = "timestamps", [19] = "MD5", [28] = "user timeout", [29] = "TCP-AO", [30] = "MPTCP", [34] = "Fast Open",
    };

    /// <summary>Lists the changed options. Empty if the options at one place are not known, for example because the capture cannot be read again.</summary>
    public static IEnumerable<string> Changes(byte[]? sent, byte[]? arrived)
    {
        if (sent is null || arrived is null || sent.AsSpan().SequenceEqual(arrived))
            return [];
        SortedDictionary<byte, byte[]> before = Read(sent);
        SortedDictionary<byte, byte[]> after = Read(arrived);
        return before.Keys.Union(after.Keys).Order()
            .Where(kind => !before.ContainsKey(kind) || !after.ContainsKey(kind) || !before[kind].AsSpan().SequenceEqual(after[kind]))
            .Select(kind => Describe(kind, before.GetValueOrDefault(kind), after.GetValueOrDefault(kind)));
    }

    private static string Describe(byte kind, byte[]? before, byte[]? after)
    {
        string name = Names.TryGetValue(kind, out string? known) ? known : string.Create(CultureInfo.InvariantCulture, $"option {kind}");
        if (before is null || after is null)
            return $"{name} {(after is null ? "removed" : "added")}";
        return before.Length == after.Length && before.Length is 1 or 2
            ? string.Create(CultureInfo.InvariantCulture, $"{name} {Number(before)} → {Number(after)}")
            : $"{name} changed";
    }

    private static int Number(byte[] value) => value.Length == 1 ? value[0] : BinaryPrimitives.ReadUInt16BigEndian(value);

    /// <summary>Reads the options by kind, without padding, up to the first damaged one.</summary>
    private static SortedDictionary<byte, byte[]> Read(ReadOnlySpan<byte> options)
    {
        SortedDictionary<byte, byte[]> read = [];
        while (!options.IsEmpty && options[0] != End)
        {
            if (options[0] == NoOperation)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                break;
            read[options[0]] = options[2..options[1]].ToArray();
            options = options[options[1]..];
        }

        return read;
    }
}
