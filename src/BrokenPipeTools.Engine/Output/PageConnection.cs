using System.Globalization;
using System.Text.Json;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// A connection as JSON for the page's script (<c>page.js</c>), which draws it when it is opened. The writer escapes all that HTML could take
/// for an end of the script.
/// </summary>
internal static class PageConnection
{
    /// <summary>Writes a connection.</summary>
    public static void Write(Utf8JsonWriter json, ExportedRecord shown, PageTexts texts)
    {
        json.WriteStartObject();
        WriteExtent(json, shown, texts);
        WriteClose(json, shown);
        WriteCause(json, shown, texts);
        WriteLadder(json, shown.Record);
        json.WriteEndObject();
    }

    private static void WriteExtent(Utf8JsonWriter json, ExportedRecord shown, PageTexts texts)
    {
        ConnectionClose record = shown.Record;
        json.WriteNumber("path", texts.NumberOf(shown.Path));
        json.WriteNumber("stream", record.Stream);
        Text(json, "client", shown.Client);
        Text(json, "server", shown.Server);
        Text(json, "name", shown.ServerName);
        Text(json, "start", Time(record.StartTime));
        Text(json, "end", Time(record.EndTime));
        json.WriteNumber("duration", record.Duration);
        Numbers(json, "frames", record.FirstFrame, record.LastFrame);
        json.WriteNumber("packets", record.Packets);
        Numbers(json, "bytes", record.ClientBytes, record.ServerBytes);
        Numbers(json, "unacked", record.ClientUnacked, record.ServerUnacked);
        Text(json, "filter", shown.WiresharkFilter);
        if (record.CaptureQuality != CaptureQuality.Complete)
            Text(json, "lacks", record.CaptureQuality.ToString());
    }

    private static void WriteClose(Utf8JsonWriter json, ExportedRecord shown)
    {
        ConnectionClose record = shown.Record;
        Text(json, "state", record.State.ToString());
        Text(json, "closedBy", record.ClosedBy.ToString());
        Texts(json, "calls", record.Connect, record.ClientRead, record.ClientWrite, record.ServerRead, record.ServerWrite);
        Texts(json, "reasons", shown.ClientCloseReason ?? "", shown.ServerCloseReason ?? "");
    }

    private static void WriteCause(Utf8JsonWriter json, ExportedRecord shown, PageTexts texts)
    {
        ConnectionClose record = shown.Record;
        Text(json, "cause", record.Cause.ToString());
        Text(json, "confidence", record.Confidence.ToString());
        Text(json, "explanation", shown.Explanation);
        if (record.Advice.Length > 0)
            json.WriteNumber("advice", texts.NumberOf(shown.Advice));
        json.WriteStartArray("evidence");
        foreach ((long frame, string shows) in shown.Evidence)
        {
            json.WriteStartArray();
            json.WriteNumberValue(frame);
            json.WriteStringValue(DisplayText.Of(shows));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("alternatives");
        foreach ((string cause, string why) in shown.Alternatives)
        {
            json.WriteStartArray();
            json.WriteStringValue(cause);
            json.WriteNumberValue(texts.NumberOf(why));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteLadder(Utf8JsonWriter json, ConnectionClose record)
    {
        json.WriteStartArray("ladder");
        foreach (CloseEvent rung in record.Events)
            WriteRung(json, rung, record.StartTime);
        json.WriteEndArray();
    }

    /// <summary>Writes what <c>rungOf</c> of the script takes apart, in its order.</summary>
    private static void WriteRung(Utf8JsonWriter json, CloseEvent rung, DateTime start)
    {
        json.WriteStartArray();
        json.WriteNumberValue(rung.Frame);
        json.WriteNumberValue(Math.Round((rung.Time - start).TotalSeconds, 6));
        json.WriteNumberValue(rung.Side == "Server" ? 1 : 0);
        json.WriteStringValue(rung.Kind.ToString());
        json.WriteStringValue(rung.Flags.ToString().ToUpperInvariant());
        json.WriteNumberValue(rung.RelativeSequence);
        if (rung.RelativeAcknowledgment is { } acknowledgment)
            json.WriteNumberValue(acknowledgment);
        else
            json.WriteNullValue();
        json.WriteNumberValue(rung.Window);
        json.WriteNumberValue(rung.Length);
        json.WriteNumberValue(rung.Count);
        json.WriteStringValue(DisplayText.Of(rung.Note));
        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, DisplayText.Of(text));
    }

    private static void Texts(Utf8JsonWriter json, string name, params string[] texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(DisplayText.Of(text));
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, params long?[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long? number in numbers)
        {
            if (number is { } value)
                json.WriteNumberValue(value);
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    /// <summary>Of one length, so that texts sort as times do.</summary>
    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
