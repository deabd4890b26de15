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
    public static void Write(Utf8JsonWriter json, ConnectionClose record, PageTexts texts)
    {
        json.WriteStartObject();
        WriteExtent(json, record, texts);
        WriteClose(json, record);
        WriteCause(json, record, texts);
        WriteLadder(json, record);
        json.WriteEndObject();
    }

    private static void WriteExtent(Utf8JsonWriter json, ConnectionClose record, PageTexts texts)
    {
        json.WriteNumber("path", texts.NumberOf(record.Path));
        json.WriteNumber("stream", record.Stream);
        Text(json, "client", Endpoint.Describe(record.ClientAddress, record.ClientPort));
        Text(json, "server", Endpoint.Describe(record.ServerAddress, record.ServerPort));
        Text(json, "name", record.ServerName);
        Text(json, "start", Time(record.StartTime));
        Text(json, "end", Time(record.EndTime));
        json.WriteNumber("duration", record.Duration);
        Numbers(json, "frames", record.FirstFrame, record.LastFrame);
        json.WriteNumber("packets", record.Packets);
        Numbers(json, "bytes", record.ClientBytes, record.ServerBytes);
        Numbers(json, "unacked", record.ClientUnacked, record.ServerUnacked);
        Text(json, "filter", record.WiresharkFilter);
        if (record.CaptureQuality != CaptureQuality.Complete)
            Text(json, "lacks", record.CaptureQuality.ToString());
    }

    private static void WriteClose(Utf8JsonWriter json, ConnectionClose record)
    {
        Text(json, "state", record.State.ToString());
        Text(json, "closedBy", record.ClosedBy.ToString());
        Texts(json, "calls", record.Connect, record.ClientRead, record.ClientWrite, record.ServerRead, record.ServerWrite);
        Texts(json, "reasons", record.ClientCloseReason ?? "", record.ServerCloseReason ?? "");
    }

    private static void WriteCause(Utf8JsonWriter json, ConnectionClose record, PageTexts texts)
    {
        Text(json, "cause", record.Cause.ToString());
        Text(json, "confidence", record.Confidence.ToString());
        Text(json, "explanation", record.Explanation);
        if (record.Advice.Length > 0)
            json.WriteNumber("advice", texts.NumberOf(record.Advice));
        json.WriteStartArray("evidence");
        foreach (Evidence evidence in record.Evidence)
        {
            json.WriteStartArray();
            json.WriteNumberValue(evidence.Frame);
            json.WriteStringValue(DisplayText.Of(evidence.Shows));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("alternatives");
        foreach (Alternative other in record.Alternatives)
        {
            json.WriteStartArray();
            json.WriteStringValue(other.Cause.ToString());
            json.WriteNumberValue(texts.NumberOf(other.Why));
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
