using System.Diagnostics;
using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The log entry of an outage. The affected clients are unknown, because only the kernel saw them.</summary>
internal sealed class OutageEntry(long number, ServerBehavior behavior, IPEndPoint local) : LogEntry(number)
{
    private readonly DateTime _start = DateTime.UtcNow;
    private readonly long _startTicks = Stopwatch.GetTimestamp();

    public override ServedConnection Describe(ServedEnding ending, string? error = null) => new()
    {
        Number = Number,
        Behavior = behavior,
        Behaviors = [behavior],
        RemoteAddress = "",
        RemotePort = 0,
        LocalAddress = local.Address.ToString(),
        LocalPort = local.Port,
        StartTime = _start,
        Duration = Stopwatch.GetElapsedTime(_startTicks).TotalSeconds,
        BytesReceived = 0,
        BytesSent = 0,
        Requests = 0,
        RequestLine = "",
        Ending = ending,
        Error = error,
    };

    public override void StopSending()
    {
    }

    public override void Close(bool interrupted)
    {
    }
}
