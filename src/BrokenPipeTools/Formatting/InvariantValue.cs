using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Formatting;

/// <summary>
/// Returns properties of a record whose text would depend on the culture: Export-Csv writes the result of ToString(). The values are still
/// <see cref="DateTime"/> and <see cref="double"/>; their text is the same as in the command line. Used by BrokenPipeTools.Types.ps1xml; a record
/// that was
/// serialized has the same properties.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InvariantValue
{
    /// <summary>The time at which the record begins.</summary>
    public static object? StartTime(PSObject record) => Of(record?.BaseObject switch
    {
        ConnectionClose close => close.StartTime,
        SummaryLine line => line.StartTime,
        TeardownTest test => test.StartTime,
        ServedConnection served => served.StartTime,
        BrokenPipeServer server => server.StartTime,
        SocketStep step => step.StartTime,
        _ => ReturnedRecord.Read(record, nameof(StartTime)) as DateTime?,
    });

    /// <summary>The time of the last segment.</summary>
    public static object? EndTime(PSObject record) => Of(record?.BaseObject switch
    {
        ConnectionClose close => close.EndTime,
        SummaryLine line => line.EndTime,
        SocketStep step => step.EndTime,
        _ => ReturnedRecord.Read(record, nameof(EndTime)) as DateTime?,
    });

    /// <summary>The time of a reading, a failed call or a frame.</summary>
    public static object? Time(PSObject record) => Of(record?.BaseObject switch
    {
        TcpAbortCounter counter => counter.Time,
        TcpSocket socket => socket.Time,
        TracedFailure failure => failure.Time,
        CloseEvent closing => closing.Time,
        Evidence evidence => evidence.Time,
        _ => ReturnedRecord.Read(record, nameof(Time)) as DateTime?,
    });

    /// <summary>Seconds since the last payload byte was received.</summary>
    public static object? SinceReceived(PSObject record) => Of(record?.BaseObject is TcpSocket socket ? socket.SinceReceived : ReturnedRecord.Read(record, nameof(SinceReceived)) as double?);

    /// <summary>Seconds since the last payload byte was sent.</summary>
    public static object? SinceSent(PSObject record) => Of(record?.BaseObject is TcpSocket socket ? socket.SinceSent : ReturnedRecord.Read(record, nameof(SinceSent)) as double?);

    /// <summary>Seconds since the peer's last segment with an acknowledgment.</summary>
    public static object? SinceHeard(PSObject record) => Of(record?.BaseObject is TcpSocket socket ? socket.SinceHeard : ReturnedRecord.Read(record, nameof(SinceHeard)) as double?);

    /// <summary>The share of all connections.</summary>
    public static object? Share(PSObject record) => Of(record?.BaseObject is SummaryLine line ? line.Share : ReturnedRecord.Read(record, nameof(Share)) as double?);

    /// <summary>The share of all connections in the earlier summary.</summary>
    public static object? ReferenceShare(PSObject record) => Of(record?.BaseObject is SummaryLine line ? line.ReferenceShare : ReturnedRecord.Read(record, nameof(ReferenceShare)) as double?);

    /// <summary>Seconds from the beginning of a run to the end of a call.</summary>
    public static object? Elapsed(PSObject record) => Of(record?.BaseObject is SocketStep step ? step.Elapsed : ReturnedRecord.Read(record, nameof(Elapsed)) as double?);

    /// <summary>Seconds from the beginning to the end.</summary>
    public static object? Duration(PSObject record) => Of(record?.BaseObject switch
    {
        ConnectionClose close => close.Duration,
        TeardownTest test => test.Duration,
        ScenarioResult result => result.Duration,
        ServedConnection served => served.Duration,
        TcpAbortCounter counter => counter.Duration,
        _ => ReturnedRecord.Read(record, nameof(Duration)) as double?,
    });

    /// <summary>The longest silence, in seconds.</summary>
    public static object? MaxGap(PSObject record) => Of(record?.BaseObject is ConnectionClose close ? close.MaxGap : ReturnedRecord.Read(record, nameof(MaxGap)) as double?);

    /// <summary>Seconds of silence before the closing.</summary>
    public static object? IdleBeforeClose(PSObject record) => Of(record?.BaseObject is ConnectionClose close ? close.IdleBeforeClose : ReturnedRecord.Read(record, nameof(IdleBeforeClose)) as double?);

    /// <summary>Seconds without payload before the closing.</summary>
    public static object? PayloadIdleBeforeClose(PSObject record) => Of(record?.BaseObject is ConnectionClose close ? close.PayloadIdleBeforeClose : ReturnedRecord.Read(record, nameof(PayloadIdleBeforeClose)) as double?);

    /// <summary>Seconds for which the connection was half-closed.</summary>
    public static object? HalfClosedFor(PSObject record) => Of(record?.BaseObject is ConnectionClose close ? close.HalfClosedFor : ReturnedRecord.Read(record, nameof(HalfClosedFor)) as double?);

    /// <summary>Seconds from the SYN to the answer.</summary>
    public static object? ConnectTime(PSObject record) => Of(record?.BaseObject is TeardownTest test ? test.ConnectTime : ReturnedRecord.Read(record, nameof(ConnectTime)) as double?);

    /// <summary>Seconds from the last payload to the peer's close.</summary>
    public static object? ClosedAfter(PSObject record) => Of(record?.BaseObject is TeardownTest test ? test.ClosedAfter : ReturnedRecord.Read(record, nameof(ClosedAfter)) as double?);

    /// <summary>Seconds that a client's pool may keep connections idle.</summary>
    public static object? SafeIdleSeconds(PSObject record) => Of(record?.BaseObject is TeardownTest test ? test.SafeIdleSeconds : ReturnedRecord.Read(record, nameof(SafeIdleSeconds)) as double?);

    /// <summary>Seconds from the write to the RST that answered it.</summary>
    public static object? ResetAfter(PSObject record) => Of(record?.BaseObject is TeardownTest test ? test.ResetAfter : ReturnedRecord.Read(record, nameof(ResetAfter)) as double?);

    /// <summary>Seconds from the end of a connection to the failed call.</summary>
    public static object? ClosedBefore(PSObject record) => Of(record?.BaseObject is TracedFailure failure ? failure.ClosedBefore : ReturnedRecord.Read(record, nameof(ClosedBefore)) as double?);

    /// <summary>Seconds from a RST to the failed call.</summary>
    public static object? ResetBefore(PSObject record) => Of(record?.BaseObject is TracedFailure failure ? failure.ResetBefore : ReturnedRecord.Read(record, nameof(ResetBefore)) as double?);

    /// <summary>Seconds by which one clock is ahead of another.</summary>
    public static object? ClockOffset(PSObject record) => Of(record?.BaseObject is ConnectionComparison compared ? compared.ClockOffset : ReturnedRecord.Read(record, nameof(ClockOffset)) as double?);

    /// <summary>The behaviors of a connection. The list's text shows its items, also if the list was serialized.</summary>
    public static object? Behaviors(PSObject record)
    {
        if (record?.BaseObject is ServedConnection served)
            return served.Behaviors;
        object? list = ReturnedRecord.Read(record, nameof(Behaviors));
        return (list as PSObject)?.BaseObject is IEnumerable items and not string
            ? RecordList.Create<object?>([.. items.Cast<object?>().Select(item => Rehydrated.Enum(item, typeof(ServerBehavior).FullName!))])
            : list;
    }

    private static Wrapped? Of<T>(T? value)
        where T : struct => value is { } known ? new Wrapped(known) : null;

    /// <summary>A value with the same text in every culture. If a format is given, the value's own text for that format.</summary>
    private sealed class Wrapped(object value) : PSObject(value), IFormattable
    {
        public override string ToString() => BaseObject switch
        {
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            double seconds => SecondsText.Of(seconds),
            object other => other.ToString() ?? "",
        };

        string IFormattable.ToString(string? format, IFormatProvider? provider) =>
            string.IsNullOrEmpty(format) ? ToString() : ((IFormattable)BaseObject).ToString(format, provider);
    }
}
