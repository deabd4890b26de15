using System.Globalization;
using System.Management.Automation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools.Reading;

/// <summary>Reads a record that was saved (CSV, JSON, Clixml) or came from a job or another machine: an object with the properties of a record.</summary>
internal static class SavedClose
{
    /// <summary>Reads a record. Returns false, with the reason, if a property is missing or has a wrong type.</summary>
    public static bool TryRead(PSObject? from, out CountedClose close, out string reason)
    {
        try
        {
            close = Read(from ?? throw new FormatException("it is null"));
            reason = "";
            return true;
        }
        catch (FormatException e)
        {
            close = default;
            reason = e.Message;
            return false;
        }
    }

    private static CountedClose Read(PSObject from)
    {
        string computer = Value(from, "PSComputerName")?.ToString() ?? "";
        string path = Text(from, nameof(ConnectionClose.Path));
        return new CountedClose
        {
            Cause = Required<Cause>(from, nameof(ConnectionClose.Cause)),
            State = Required<CloseState>(from, nameof(ConnectionClose.State)),
            ClosedBy = Required<ClosedBy>(from, nameof(ConnectionClose.ClosedBy)),
            ClientAddress = Text(from, nameof(ConnectionClose.ClientAddress)),
            ServerAddress = Text(from, nameof(ConnectionClose.ServerAddress)),
            ServerPort = Required<ushort>(from, nameof(ConnectionClose.ServerPort)),
            StartTime = Time(from, nameof(ConnectionClose.StartTime)),
            EndTime = Time(from, nameof(ConnectionClose.EndTime)),
            Path = computer.Length > 0 ? $"{computer}:{path}" : path,
            Stream = Required<int>(from, nameof(ConnectionClose.Stream)),
            Frame = SummaryExample.ChooseFrame(
                Frame(from, nameof(ConnectionClose.ClientResetFrame)),
                Frame(from, nameof(ConnectionClose.ServerResetFrame)),
                Frame(from, nameof(ConnectionClose.ClientFinFrame)),
                Frame(from, nameof(ConnectionClose.ServerFinFrame)),
                Required<long>(from, nameof(ConnectionClose.LastFrame))),
            WiresharkFilter = Value(from, nameof(ConnectionClose.WiresharkFilter))?.ToString(),
        };
    }

    private static object? Value(PSObject from, string name) => ObjectMembers.Unwrap(from.Properties[name]?.Value) is { } value and not "" ? value : null;

    private static string Text(PSObject from, string name) => Value(from, name)?.ToString() ?? throw new FormatException($"it has no {name}");

    private static T Required<T>(PSObject from, string name)
    {
        object value = Value(from, name) ?? throw new FormatException($"it has no {name}");
        return LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out T converted) ? converted : throw new FormatException($"{name} is '{value}'");
    }

    private static long? Frame(PSObject from, string name) => Value(from, name) is null ? null : Required<long>(from, name);

    /// <summary>Reads a time. The times of a record are UTC, even if serialization has removed their kind.</summary>
    private static DateTime Time(PSObject from, string name) => Value(from, name) switch
    {
        DateTime { Kind: DateTimeKind.Unspecified } time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        DateTime time => time.ToUniversalTime(),
        DateTimeOffset time => time.UtcDateTime,
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) => time.UtcDateTime,
        null => throw new FormatException($"it has no {name}"),
        object other => throw new FormatException($"{name} is '{other}'"),
    };
}
