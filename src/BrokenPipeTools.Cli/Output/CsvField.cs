using System.Buffers;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Formats values for CSV (RFC 4180, section 2).</summary>
internal static class CsvField
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<byte> SpecialUtf8 = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Returns the value, in quotation marks if it needs them.</summary>
    public static string Of(string value) => value.AsSpan().ContainsAny(Special) ? Quote(value) : value;

    /// <summary>Returns whether a UTF-8 value needs quotation marks.</summary>
    public static bool NeedsQuotes(ReadOnlySpan<byte> value) => value.Contains((byte)',') || value.ContainsAny(SpecialUtf8); // sentences have a comma soon

    /// <summary>Returns the value in quotation marks.</summary>
    public static string Quote(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
