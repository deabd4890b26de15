using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Formatting;

/// <summary>
/// Properties of a record whose text would depend on the culture: Export-Csv writes what <c>ToString()</c> returns. The values stay
/// <see cref="DateTime"/> and <see cref="double"/>; their text is that of the command line. For BrokenPipeTools.Types.ps1xml.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InvariantValue
{
    private const int Decimals = 9;

    /// <summary>The time of the first segment.</summary>
    public static object? StartTime(PSObject record) => Of(record, close => close.StartTime);

    /// <summary>The time of the last segment.</summary>
    public static object? EndTime(PSObject record) => Of(record, close => close.EndTime);

    /// <summary>Seconds from the first segment to the last.</summary>
    public static object? Duration(PSObject record) => Of(record, close => close.Duration);

    /// <summary>The longest silence, in seconds.</summary>
    public static object? MaxGap(PSObject record) => Of(record, close => close.MaxGap);

    /// <summary>Seconds of silence before the closing.</summary>
    public static object? IdleBeforeClose(PSObject record) => Of(record, close => close.IdleBeforeClose);

    /// <summary>Seconds without payload before the closing.</summary>
    public static object? PayloadIdleBeforeClose(PSObject record) => Of(record, close => close.PayloadIdleBeforeClose);

    private static Wrapped? Of<T>(PSObject record, Func<ConnectionClose, T> property) =>
        record?.BaseObject is ConnectionClose close && property(close) is { } value ? new Wrapped(value) : null;

    /// <summary>The same text in every culture; with a format the value's own.</summary>
    private sealed class Wrapped(object value) : PSObject(value), IFormattable
    {
        public override string ToString() => BaseObject switch
        {
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            double seconds => ((decimal)Math.Round(seconds, Decimals)).ToString("0.#########", CultureInfo.InvariantCulture),
            object other => other.ToString() ?? "",
        };

        string IFormattable.ToString(string? format, IFormatProvider? provider) =>
            string.IsNullOrEmpty(format) ? ToString() : ((IFormattable)BaseObject).ToString(format, provider);
    }
}
