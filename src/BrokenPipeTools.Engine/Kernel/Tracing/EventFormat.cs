using System.Globalization;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>
/// The layout of one kind of event (events/SYSTEM/EVENT/format). Offsets, sizes and names of reasons differ between kernels, so all of them are read
/// from the kernel.
/// </summary>
internal sealed partial class EventFormat
{
    private readonly Dictionary<string, EventField> _fields;
    private readonly string _print;

    private EventFormat(int id, Dictionary<string, EventField> fields, string print)
    {
        Id = id;
        _fields = fields;
        _print = print;
    }

    /// <summary>The number of this kind of event, which is in the field <c>common_type</c>.</summary>
    public int Id { get; }

    /// <summary>Reads the text of a <c>format</c> file. Returns null if it has no id or no field.</summary>
    public static EventFormat? Parse(string text)
    {
        Match id = IdLine().Match(text);
        Dictionary<string, EventField> fields = [];
        foreach (Match line in FieldLine().Matches(text))
        {
            EventField field = new(Whole(line, 2), Whole(line, 3), line.Groups[4].Value == "1");
            if (field is { Offset: >= 0 and < 1 << 16, Size: > 0 and < 1 << 16 })
                fields.TryAdd(line.Groups[1].Value, field);
        }

        int print = text.IndexOf("print fmt:", StringComparison.Ordinal);
        return id.Success && fields.Count > 0 ? new EventFormat(Whole(id, 1), fields, print < 0 ? "" : text[print..]) : null;
    }

    /// <summary>Returns a field; null if this kernel does not have it.</summary>
    public EventField? Find(string name) => _fields.TryGetValue(name, out EventField field) ? field : null;

    /// <summary>Returns the names of a field's values, from <c>__print_symbolic</c>; empty if it has none.</summary>
    public Dictionary<long, string> SymbolsOf(string field)
    {
        Dictionary<long, string> symbols = [];
        int begin = _print.IndexOf($"__print_symbolic(REC->{field},", StringComparison.Ordinal);
        if (begin < 0)
            return symbols;
        int end = _print.IndexOf("})", begin, StringComparison.Ordinal);
        foreach (Match pair in Symbol().Matches(_print[begin..(end < 0 ? _print.Length : end + 1)]))
        {
            if (Number(pair.Groups[1].Value) is { } value)
                symbols.TryAdd(value, pair.Groups[2].Value);
        }

        return symbols;
    }

    private static long? Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long hex) ? hex : null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static int Whole(Match match, int group) => int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;

    [GeneratedRegex(@"^ID: (\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^\s*field:\s*[^;]*?(\w+)(?:\[\w*\])?;\s*offset:(\d+);\s*size:(\d+);(?:\s*signed:(\d);)?", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FieldLine();

    [GeneratedRegex("""\{ (-?\w+), "(\w+)" \}""", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();
}
