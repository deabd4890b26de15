using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Formatting;

/// <summary>
/// Makes the texts of BrokenPipeTools.Format.ps1xml that are more than the value of a property. The parameters are plain values and not records,
/// because a record from another machine or a file has lost its type but kept its values.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FormatText
{
    private const int LatestShown = 10;

    private const char Ellipsis = '…';

    private static readonly (double Size, char Letter)[] LargeUnits = [(1e3, 'k'), (1e6, 'M'), (1e9, 'G')];

    /// <summary>Returns a value on one line.</summary>
    public static string Text(object? value) => DisplayText.Of(Convert.ToString(value, CultureInfo.InvariantCulture));

    /// <summary>
    /// Returns a value on one line, after a space. It is used for a text that begins with digits: if PowerShell narrows the column to one character,
    /// the column does not show a part of a number.
    /// </summary>
    public static string Indented(object? value) => $" {Text(value)}";

    /// <summary>Returns address and port as in a URL, an IPv6 address in brackets.</summary>
    public static string Endpoint(string? address, int port) => new EndpointText(DisplayText.Of(address), port).ToString();

    /// <summary>Returns an endpoint that fits into a column. A long address is cut in the middle, because its ends and the port identify it better.</summary>
    public static string Endpoint(string? address, int port, int width)
    {
        address = DisplayText.Of(address);
        string all = new EndpointText(address, port).ToString();
        if (all.Length <= width)
            return all;
        int room = Math.Max(2, address.Length - (all.Length - width) - 1);
        int head = (room + 1) / 2;
        return new EndpointText(string.Concat(address.AsSpan(0, head), [Ellipsis], address.AsSpan(address.Length - (room - head))), port).ToString();
    }

    /// <summary>Returns seconds with a useful number of decimals: 0.000213, 1.234, 350.1, 7200. Empty for null.</summary>
    public static string Seconds(double? seconds) => seconds switch
    {
        null => "",
        0 => "0",
        < 1 => seconds.Value.ToString("0.000000", CultureInfo.InvariantCulture),
        < 100 => seconds.Value.ToString("0.000", CultureInfo.InvariantCulture),
        < 10_000 => seconds.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => seconds.Value.ToString("0", CultureInfo.InvariantCulture),
    };

    /// <summary>Returns rounded seconds, right-aligned in a column: see <see cref="Number"/>.</summary>
    public static string RoundedSeconds(double? seconds, int width) => (seconds is { } known ? SecondsText.Of(known) : "").PadLeft(width);

    /// <summary>Returns seconds, right-aligned in a column: see <see cref="Number"/>.</summary>
    public static string Seconds(double? seconds, int width) => Seconds(seconds).PadLeft(width);

    /// <summary>
    /// Formats a whole number, right-aligned in a column. The column itself is left-aligned: PowerShell narrows the last column that has room in a
    /// line, and in a right-aligned column only the last digits would remain. A number that is longer than the column is written in thousands (k),
    /// millions (M) or billions (G).
    /// </summary>
    public static string Number(object? value, int width)
    {
        string all = Text(value);
        if (all.Length <= width || !double.TryParse(all, NumberStyles.Integer, CultureInfo.InvariantCulture, out double number))
            return all.PadLeft(width);
        IEnumerable<string> shorter = LargeUnits.Select(unit => (number / unit.Size).ToString("0", CultureInfo.InvariantCulture) + unit.Letter);
        return (shorter.FirstOrDefault(text => text.Length <= width) ?? $"{Ellipsis}").PadLeft(width);
    }

    /// <summary>Returns a share in percent, right-aligned in a column. Empty for null.</summary>
    public static string Percent(double? share, int width) => (share is { } part ? (part * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%" : "").PadLeft(width);

    /// <summary>Returns how a share has changed; an empty text if it has not.</summary>
    public static string Changed(string? change) => change == nameof(ShareChange.None) ? "" : DisplayText.Of(change);

    /// <summary>Returns date and time with microseconds, in UTC, which the Z shows. (The culture's own format stops at seconds.)</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Returns a program and its process: nginx[812].</summary>
    public static string Program(string? name, int? id) => string.Create(CultureInfo.InvariantCulture, $"{DisplayText.Of(name)}[{id}]");

    /// <summary>Returns a time, right-aligned in a column.</summary>
    public static string Time(DateTime time, int width) => Time(time).PadLeft(width);

    /// <summary>Returns the time of day with microseconds.</summary>
    public static string TimeOfDay(DateTime time) => time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>
    /// Returns a text in the color for its meaning. The text is a state, a result, or the way in which a peer closed. The colors are those of
    /// $PSStyle, so users can turn them off.
    /// </summary>
    public static string Painted(string? state, string bad, string odd, string good, string reset)
    {
        string color = state switch
        {
            "Reset" or "ResetInReply" or "Refused" or "TimedOut" or "Unanswered" or "Silence" or "Unreachable" => bad,
            "HalfClosed" or "Evicted" => odd,
            "False" => bad,
            "Graceful" or "Fin" or "True" => good,
            _ => "",
        };
        return color.Length == 0 ? DisplayText.Of(state) : color + state + reset;
    }

    /// <summary>Returns why a probed connection ended, or why it was not established or the probe not completed.</summary>
    public static string Why(string? status, string? cause) => DisplayText.Of(status is "Completed" or "NotConnected" ? cause : status);

    /// <summary>Returns the results of a probe's calls. PowerShell passes null as an empty string.</summary>
    public static string Calls(string? probe, string? error, string? address, string? mechanism, string? read, string? firstWrite, string? secondWrite) =>
        DisplayText.Of(ProbeCalls.Of(probe, error, address, mechanism, read, firstWrite, secondWrite));

    /// <summary>Returns the addresses and the description of an interface, in one line.</summary>
    public static string InterfaceTip(PcapInterface found)
    {
        ArgumentNullException.ThrowIfNull(found);
        string status = InterfaceStatus(found.IsUp, found.IsRunning, found.IsLoopback, found.IsWireless);
        return string.Join("; ", new[] { DisplayText.Of(found.Description), status, Joined(found.Addresses) }.Where(t => t.Length > 0));
    }

    /// <summary>Returns the state of an interface as text.</summary>
    public static string InterfaceStatus(bool isUp, bool isRunning, bool isLoopback, bool isWireless)
    {
        string state = !isUp ? "down" : isRunning ? "up" : "up, no link";
        return state + (isLoopback ? ", loopback" : "") + (isWireless ? ", wireless" : "");
    }

    /// <summary>Returns several values for one cell.</summary>
    public static string Joined(object? values) => string.Join(", ", Texts(values));

    /// <summary>
    /// Returns the outcome of a scenario: its error, or if there was none, the calls that failed. PowerShell passes null as an empty string.
    /// </summary>
    public static string Outcome(string? problem, string? observed) =>
        DisplayText.Of(!string.IsNullOrEmpty(problem) ? problem : string.Join(' ', (observed ?? "").Split(' ').Where(call => !call.EndsWith("=ok", StringComparison.Ordinal))));

    /// <summary>Returns every connection, each followed by its closing ladder.</summary>
    public static string Ladders(object? connections) => connections switch
    {
        ConnectionClose one => string.Join('\n', Ladder(one)),
        IEnumerable all and not string => string.Join('\n', all.Cast<object>().SelectMany(c => c is ConnectionClose close ? Ladder(close) : [Text(c)])),
        _ => Text(connections),
    };

    /// <summary>Returns the first of several values. Empty for none.</summary>
    public static string First(object? values) => Texts(values).FirstOrDefault("");

    /// <summary>Returns several values, one per line.</summary>
    public static string Lines(object? values) => string.Join('\n', Texts(values));

    /// <summary>Returns the closing ladder, one event per line; the events that prove the cause are marked.</summary>
    public static string Ladder(object? events, object? evidence) => string.Join('\n', MarkedLadder.Lines(Texts(events), Texts(evidence)));

    private static IEnumerable<string> Ladder(ConnectionClose close) => MarkedLadder.Of(close).Select(rung => "  " + rung).Prepend($"{close}: {close.Sequence}").Select(DisplayText.Of);

    /// <summary>Returns the calls of a probe, one per line; calls that failed, waited or returned the end are marked.</summary>
    public static string Steps(object? steps) => string.Join('\n', MarkedSteps.Lines(Texts(steps)));

    /// <summary>Returns the texts of a list, of one value, or none for null.</summary>
    private static IEnumerable<string> Texts(object? values) => values switch
    {
        null or "" => [],
        IEnumerable list and not string => list.Cast<object>().Select(Text),
        _ => [Text(values)],
    };

    /// <summary>Returns the latest entries of a log, one per line, and the number of earlier ones.</summary>
    public static string Latest(object? log)
    {
        if (log is string or not IEnumerable)
            return Text(log);
        object[] all = [.. ((IEnumerable)log).Cast<object>()];
        IEnumerable<string> lines = all.TakeLast(LatestShown).Select(Text);
        return string.Join('\n', all.Length > LatestShown ? lines.Prepend($"({(all.Length - LatestShown).ToString(CultureInfo.InvariantCulture)} before)") : lines);
    }

    /// <summary>
    /// Returns the other end of a served connection, for a column. For a Unix-domain socket it is the path, because the clients have no name.
    /// </summary>
    public static string Peer(string? remoteAddress, int remotePort, string? localAddress, int width) =>
        string.IsNullOrEmpty(remoteAddress) ? DisplayText.Of(localAddress) : Endpoint(remoteAddress, remotePort, width);

    /// <summary>Returns the items of a list on one line.</summary>
    public static string Names(object? list) => list is IEnumerable items and not string ? DisplayText.Of(string.Join(", ", items.Cast<object>())) : Text(list);

    /// <summary>Returns the fault of a forwarded connection, or the first line that another connection received.</summary>
    public static string Met(string? fault, string? requestLine) => DisplayText.Of(string.IsNullOrEmpty(fault) ? requestLine : fault);

    /// <summary>Returns the name in a certificate; empty without a certificate.</summary>
    public static string Subject(object? value) => Text(value is X509Certificate2 certificate ? certificate.Subject : value);

    /// <summary>Returns how a served connection ended, in the color for its meaning.</summary>
    public static string Ended(string? ending, string bad, string odd, string reset)
    {
        string color = ending switch
        {
            "ResetByServer" or "ResetByClient" or "Failed" or "HandshakeFailed" or "UpstreamFailed" => bad,
            "Evicted" or "HeaderTimeout" or "NotAccepted" or "Stopped" => odd,
            _ => "",
        };
        return color.Length == 0 ? DisplayText.Of(ending) : color + ending + reset;
    }
}
