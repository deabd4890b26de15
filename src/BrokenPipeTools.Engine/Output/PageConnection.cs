using System.Globalization;
using System.Text.Json;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes a connection as JSON for the page's script (page.js), which shows it when the user opens it. The JSON is a row of values. The first row has
/// the names, because a name with each value would double the size of the page. The writer escapes all characters that HTML could interpret as the
/// end of the script.
/// </summary>
internal static class PageConnection
{
    private static readonly (string Name, Action<Utf8JsonWriter, ExportedRecord, PageTexts> Write)[] Fields =
    [
        ("path", (json, shown, texts) => json.WriteNumberValue(texts.NumberOf(shown.Path))),
        ("stream", (json, shown, _) => json.WriteNumberValue(shown.Record.Stream)),
        ("client", (json, shown, _) => Text(json, shown.Client)),
        ("server", (json, shown, _) => Text(json, shown.Server)),
        ("name", (json, shown, _) => Text(json, shown.ServerName)),
        ("start", (json, shown, _) => Text(json, Time(shown.Record.StartTime))),
        ("end", (json, shown, _) => Text(json, Time(shown.Record.EndTime))),
        ("duration", (json, shown, _) => json.WriteNumberValue(shown.Record.Duration)),
        ("frames", (json, shown, _) => Numbers(json, shown.Record.FirstFrame, shown.Record.LastFrame)),
        ("packets", (json, shown, _) => json.WriteNumberValue(shown.Record.Packets)),
        ("bytes", (json, shown, _) => Numbers(json, shown.Record.ClientBytes, shown.Record.ServerBytes)),
        ("unacked", (json, shown, _) => Numbers(json, shown.Record.ClientUnacked, shown.Record.ServerUnacked)),
        ("filter", (json, shown, _) => Text(json, shown.Record.HasOwnNumber ? shown.WiresharkFilter : null)), // without an own filter, the filter is by stream
        ("lacks", (json, shown, texts) => json.WriteNumberValue(texts.NumberOf(shown.Record.CaptureQuality == CaptureQuality.Complete ? "" : shown.Record.CaptureQuality.ToString()))),
        ("state", (json, shown, _) => Text(json, shown.Record.State.ToString())),
        ("closedBy", (json, shown, _) => Text(json, shown.Record.ClosedBy.ToString())),
        ("calls", (json, shown, texts) => Shared(json, texts, shown.Record.Connect, shown.Record.ClientRead, shown.Record.ClientWrite, shown.Record.ServerRead, shown.Record.ServerWrite)),
        ("reasons", (json, shown, texts) => Shared(json, texts, shown.ClientCloseReason ?? "", shown.ServerCloseReason ?? "")),
        ("cause", (json, shown, _) => Text(json, shown.Record.Cause.ToString())),
        ("confidence", (json, shown, _) => Text(json, shown.Record.Confidence.ToString())),
        ("explanation", (json, shown, _) => Text(json, shown.Explanation)),
        ("advice", (json, shown, texts) => json.WriteNumberValue(texts.NumberOf(shown.Advice))),
        ("evidence", (json, shown, texts) => Rows(json, shown.Evidence, one =>
        {
            json.WriteNumberValue(one.Frame);
            json.WriteNumberValue(texts.NumberOf(one.Shows));
        })),
        ("alternatives", (json, shown, texts) => Rows(json, shown.Alternatives, other =>
        {
            json.WriteStringValue(other.Cause);
            json.WriteNumberValue(texts.NumberOf(other.Why));
        })),
        ("ladder", (json, shown, texts) => Rows(json, shown.Record.Events, rung => WriteRung(json, rung, shown.Record.StartTime, texts))),
    ];

    /// <summary>Writes the first row: the names.</summary>
    public static void WriteNames(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach ((string name, _) in Fields)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    /// <summary>Writes the row of a connection.</summary>
    public static void Write(Utf8JsonWriter json, ExportedRecord shown, PageTexts texts)
    {
        json.WriteStartArray();
        foreach ((_, Action<Utf8JsonWriter, ExportedRecord, PageTexts> write) in Fields)
            write(json, shown, texts);
        json.WriteEndArray();
    }

    /// <summary>Writes an event of the ladder. The order of the fields is the one that rungOf in the script expects.</summary>
    private static void WriteRung(Utf8JsonWriter json, CloseEvent rung, DateTime start, PageTexts texts)
    {
        json.WriteNumberValue(rung.Frame);
        json.WriteNumberValue(Math.Round((rung.Time - start).TotalSeconds, 6));
        json.WriteNumberValue(rung.Side == "Server" ? 1 : 0);
        json.WriteNumberValue(rung.Kind is ObservationKind.IcmpError or ObservationKind.StrayIcmpError ? 1 : 0);
        json.WriteStringValue(rung.Flags.ToString().ToUpperInvariant());
        json.WriteNumberValue(rung.RelativeSequence);
        Number(json, rung.RelativeAcknowledgment);
        json.WriteNumberValue(rung.Window);
        json.WriteNumberValue(rung.Length);
        json.WriteNumberValue(rung.Count);
        json.WriteNumberValue(texts.NumberOf(rung.Note));
    }

    private static void Rows<T>(Utf8JsonWriter json, IEnumerable<T> rows, Action<T> write)
    {
        json.WriteStartArray();
        foreach (T row in rows)
        {
            json.WriteStartArray();
            write(row);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string? text)
    {
        if (text is null)
            json.WriteNullValue();
        else
            json.WriteStringValue(DisplayText.Of(text));
    }

    /// <summary>Writes texts that several connections share, as their numbers.</summary>
    private static void Shared(Utf8JsonWriter json, PageTexts texts, params string[] all)
    {
        json.WriteStartArray();
        foreach (string text in all)
            json.WriteNumberValue(texts.NumberOf(text));
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, params long?[] numbers)
    {
        json.WriteStartArray();
        foreach (long? number in numbers)
            Number(json, number);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, long? number)
    {
        if (number is { } value)
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    /// <summary>Formats a time with a fixed length, so that sorting the texts sorts the times.</summary>
    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
