using System.Globalization;
using System.Net;
using System.Text;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>The tables of all commands in terminals of every width, with short values and with the longest ones.</summary>
public class TableLayoutTests
{
    private const string LongAddress = "2001:db8:1111:2222:3333:4444:5555:6666";

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 250)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_table_fits_every_width(int width)
    {
        Check(width, ServeShapes.Connection, Served("::1", 1), Served(LongAddress, long.MaxValue));
        Check(width, ServeShapes.Behavior, [.. ServerBehaviors.All]);
        Check(width, ScenarioShapes.Info, [.. ScenarioCatalog.All.Select(ScenarioInfo.Of)]);
        Check(width, ScenarioShapes.Result, Run("a", null), Run(new string('n', 300), "C:SYN S:RST"));
        Check(width, TeardownShape.Test, Probed("a"), Probed(new string('h', 253)));
        PcapInterface[] interfaces = [new() { Name = "lo", Description = "", Addresses = [] }, new() { Name = new string('i', 60), Description = "text", Addresses = [IPAddress.IPv6Loopback] }];
        Check(width, InterfaceShape.Of(interfaces), interfaces);
    }

    [Fact]
    public void A_first_value_that_is_too_long_is_cut_and_marked_but_surrogate_pairs_are_not_split()
    {
        TableLayout<string> layout = new([new("", 2, text => text), new("", 2, _ => "xy")], 5);
        Assert.Equal("ab xy", layout.Format(column => column.Value("ab")));
        Assert.Equal("abc …", layout.Format(column => column.Value("abc")));
        Assert.Equal("abcd…", layout.Format(column => column.Value("abcdefgh")));
        Assert.Equal("abc…", layout.Format(column => column.Value("abc\U0001F600efgh")));
    }

    /// <summary>The free text in the last column is complete. The columns before it are within the width.</summary>
    private static void Check<T>(int width, RecordShape<T> shape, params T[] records)
    {
        using MemoryStream output = new();
        ObjectWriter<T> writer = new(OutputFormat.Table, output, shape, width);
        writer.Begin();
        foreach (T record in records)
            writer.Write(record);
        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        TableColumn<T> text = shape.Table[^1];
        bool hasHeading = shape.Table.Any(column => column.Title.Length > 0);
        string[] texts = [.. hasHeading ? [text.Title] : Array.Empty<string>(), .. records.Select(record => DisplayText.Of(text.Value(record)).TrimEnd()), ""];
        Assert.Equal(texts.Length, lines.Length);
        foreach ((string line, string last) in lines.Zip(texts))
        {
            Assert.EndsWith(last, line, StringComparison.Ordinal);
            Assert.True(line[..^last.Length].TrimEnd().Length <= width, line);
        }
    }

    private static ServedConnection Served(string address, long number) => new()
    {
        Number = number, Behavior = ServerBehavior.HttpJson, Behaviors = [ServerBehavior.HttpJson], RemoteAddress = address, RemotePort = 40_000, LocalAddress = address, LocalPort = 8_080,
        StartTime = DateTime.UnixEpoch, Duration = number, BytesReceived = number, BytesSent = number, Requests = 1,
        RequestLine = "GET /" + new string('x', (int)Math.Min(number, 100)), Ending = ServedEnding.ClosedByServer, Error = number > 1 ? "EPIPE" : null,
    };

    private static ScenarioResult Run(string name, string? sequence) => new()
    {
        Name = name, IPVersion = 4, Duration = 1.5, Cause = null, Expected = "", Observed = "C:connect=ok", State = CloseState.Refused, ClosedBy = null, Sequence = sequence,
        CapturePath = null, TraceNote = null, KernelCause = null, DiagnosedCause = null, FailedCalls = [], CaptureNote = null, Problem = null, Summary = "", Steps = [], Connections = [],
    };

    private static TeardownTest Probed(string host) => new()
    {
        ComputerName = host, Port = 65_535, Address = LongAddress, Probe = TeardownProbeKind.KeepAliveRace, Iteration = 1, Status = TeardownStatus.Completed,
        StartTime = DateTime.UnixEpoch, Duration = 1, ConnectTime = 1e9, State = CloseState.Reset, ClosedBy = ClosedBy.Server, Mechanism = CloseMechanism.ResetInReply, ClosedAfter = 1e9, SafeIdleSeconds = null,
        ReadAfterClose = "ECONNRESET", FirstWriteAfterClose = "ECONNRESET", SecondWriteAfterClose = "EPIPE", ResetAfter = null, BytesReceived = 0, Requests = null, TlsCloseNotify = null,
        TcpState = "", BrokenPipe = BrokenPipe.Client, Cause = Cause.WriteAfterPeerClose, Confidence = Confidence.High, KnownTimer = "", Explanation = "", Advice = "",
        Error = host.Length > 1 ? "no more sockets" : null, Alternatives = [], Steps = [], Connection = null, CaptureNote = null,
    };
}
