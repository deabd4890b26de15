using System.Globalization;
using System.Net.NetworkInformation;
using System.Text;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>One call that a program made on a socket, and its result.</summary>
public sealed class SocketStep : INaturalOrder<SocketStep>
{
    /// <summary>The number of the step, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Seconds from the begin of the scenario to the call.</summary>
    public required double Elapsed { get; init; }

    /// <summary>The time of the call, in UTC.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>The time when it returned, in UTC.</summary>
    public required DateTime EndTime { get; init; }

    /// <summary>The side that made the call.</summary>
    public required StepSide Side { get; init; }

    /// <summary>The system call in short: <c>send(5)</c>, <c>recv</c>, <c>shutdown(SHUT_WR)</c>.</summary>
    public required string Call { get; init; }

    /// <summary>
    /// The result: ok, EOF (recv returned 0), blocks (the call would still wait), or the error's name on this platform.
    /// </summary>
    public required string Result { get; init; }

    /// <summary>Bytes sent or received; null for other calls and if the call failed.</summary>
    public required int? Bytes { get; init; }

    /// <summary>The error number on this platform (errno, or Winsock's error); null if the call succeeded.</summary>
    public required int? Errno { get; init; }

    /// <summary>The socket's state after the call (TCP_INFO); null if the platform does not report it, and if it is not a TCP socket.</summary>
    public required TcpState? TcpState { get; init; }

    /// <summary>
    /// The expected result on this platform, alternatives separated by |; null if none is documented, or no result was expected.
    /// </summary>
    public string? Expected { get; internal set; }

    /// <summary>Whether the result is the expected one; also true if none is expected.</summary>
    public bool AsExpected => Expected is null || Expected.Split('|').Contains(Result);

    /// <summary>Compares by number, which is the order of the calls.</summary>
    public int CompareTo(SocketStep? other) => other is null ? 1 : Number.CompareTo(other.Number);

    /// <summary>Returns the step as one line.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Elapsed,7:0.000} {Side,-7} {Call} = {Result}");
        if (Bytes is { } bytes)
            text.Append(CultureInfo.InvariantCulture, $" ({bytes} bytes)");
        if (Errno is { } errno)
            text.Append(CultureInfo.InvariantCulture, $" (errno {errno})");
        if (TcpState is { } state)
            text.Append(CultureInfo.InvariantCulture, $"  [{state}]");
        if (!AsExpected)
            text.Append(CultureInfo.InvariantCulture, $"  EXPECTED {Expected}");
        return DisplayText.Of(text.ToString());
    }
}
