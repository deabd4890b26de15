using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Small sets of records in every format: a value never continues in another field.</summary>
public sealed class ObjectWriterTests
{
    private static readonly PcapInterface Hostile = new()
    {
        Name = "a,\"b\"",
        Description = "×\u001b]0;x\u0007\r\n\u009b2J end",
        Addresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("fe80::1%4")],
        IsUp = true,
    };

    private static readonly ServedConnection Served = new()
    {
        Number = 1_234_567, Behavior = ServerBehavior.HttpJson, Behaviors = [ServerBehavior.HttpJson], RemoteAddress = "::1", RemotePort = 40_000, LocalAddress = "::1", LocalPort = 8_080,
        StartTime = new DateTime(2026, 11, 21, 9, 7, 0, DateTimeKind.Utc).AddTicks(1_234_567), Duration = 1.5005,
        BytesReceived = 1_000_000, BytesSent = 2_000_000, Requests = 1_000, RequestLine = "GET / HTTP/1.1", Ending = ServedEnding.ClosedByServer, Error = "EPIPE",
    };

    [Fact]
    public void Csv_quotes_values_with_separators_and_changes_nothing()
    {
        Assert.Equal(
            "Name,Description,Addresses,IsLoopback,IsUp,IsRunning,IsWireless\n"
            + "\"a,\"\"b\"\"\",\"×\u001b]0;x\u0007\r\n\u009b2J end\",192.0.2.1 fe80::1%4,False,True,False,False\n",
            Print(OutputFormat.Csv, InterfaceShape.Of([Hostile]), Hostile));
    }

    [Fact]
    public void Json_is_one_line_with_addresses_as_text_and_nothing_escaped_that_need_not_be()
    {
        string line = Print(OutputFormat.Json, InterfaceShape.Of([Hostile]), Hostile);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.Contains("×", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line[..^1], char.IsControl);
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(Hostile.Description, json.GetProperty("Description").GetString());
        Assert.Equal(["192.0.2.1", "fe80::1%4"], json.GetProperty("Addresses").EnumerateArray().Select(a => a.GetString()));
    }

    [Theory]
    [InlineData("Table", 1)]
    [InlineData("List", 8)]
    public void Control_characters_do_not_reach_a_terminal(string format, int lines)
    {
        string text = Print(Enum.Parse<OutputFormat>(format), InterfaceShape.Of([Hostile]), Hostile);
        Assert.Equal(lines, text.Count(c => c == '\n'));
        Assert.DoesNotContain(text.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
        Assert.Contains("192.0.2.1 fe80::1%4", text, StringComparison.Ordinal);
        Assert.Contains("×\\x1b]0;x\\x07\\x0d\\x0a\\x9b2J end", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_details_of_a_list_have_one_line_each()
    {
        RecordShape<PcapInterface> shape = InterfaceShape.Of([Hostile]) with { Details = i => [("Steps", [i.Description, "two"])] };
        string text = Print(OutputFormat.List, shape, Hostile);
        Assert.EndsWith("Steps       : ×\\x1b]0;x\\x07\\x0d\\x0a\\x9b2J end\n            : two\n\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Table", "Number Client ")]
    [InlineData("Csv", "Number,Behavior,")]
    public void The_heading_is_written_once_and_may_come_before_the_first_record(string format, string heading)
    {
        using MemoryStream output = new();
        ObjectWriter<ServedConnection> writer = new(Enum.Parse<OutputFormat>(format), output, ServeShapes.Connection);
        Assert.Equal(0, output.Length);
        writer.Begin();
        Assert.StartsWith(heading, Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
        writer.Write(Served);
        writer.Write(Served);
        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Equal((4, ""), (lines.Length, lines[^1]));
        Assert.Equal(lines[1], lines[2]);
        Assert.Equal(string.Join('\n', lines), Print(Enum.Parse<OutputFormat>(format), ServeShapes.Connection, Served, Served));
    }

    [Theory]
    [InlineData("Table", "1234567 [::1]:40000           09:07:00.123456     1.501   1000000   2000000     1000 HttpJson           GET / HTTP/1.1                 ClosedByServer  EPIPE")]
    [InlineData("List", "StartTime     : 2026-11-21T09:07:00.1234567Z\nDuration      : 1.5005\nBytesReceived : 1000000\n")]
    [InlineData("Json", "\"StartTime\":\"2026-11-21T09:07:00.1234567Z\",\"Duration\":1.5005,\"BytesReceived\":1000000,")]
    [InlineData("Csv", "1234567,HttpJson,::1,40000,::1,8080,2026-11-21T09:07:00.1234567Z,1.5005,1000000,2000000,1000,GET / HTTP/1.1,ClosedByServer,EPIPE,,,,HttpJson\n")]
    public void Every_culture_prints_the_same(string format, string expected)
    {
        CultureInfo strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (strange.NumberFormat.NumberDecimalSeparator, strange.NumberFormat.NegativeSign, strange.DateTimeFormat.TimeSeparator) = (",", "~", ".");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = strange;
            Assert.Contains(expected, Print(Enum.Parse<OutputFormat>(format), ServeShapes.Connection, Served), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("Csv", ",HttpJson; ResetAfterRequest\n")]
    [InlineData("List", " : HttpJson; ResetAfterRequest\n")]
    [InlineData("Json", "[\"HttpJson\",\"ResetAfterRequest\"]")]
    public void The_behaviors_of_all_requests_are_in_one_value(string format, string expected)
    {
        ServedConnection served = new()
        {
            Number = 1, Behavior = ServerBehavior.ResetAfterRequest, Behaviors = [ServerBehavior.HttpJson, ServerBehavior.ResetAfterRequest],
            RemoteAddress = "", RemotePort = 0, LocalAddress = "", LocalPort = 0, StartTime = default, Duration = 0, BytesReceived = 0, BytesSent = 0,
            Requests = 2, RequestLine = "", Ending = ServedEnding.ResetByServer,
        };
        Assert.Contains(expected, Print(Enum.Parse<OutputFormat>(format), ServeShapes.Connection, served), StringComparison.Ordinal);
    }

    [Fact]
    public void Flat_properties_leave_out_only_nested_records()
    {
        Assert.Equal(typeof(ServedConnection).GetProperties(), RecordShape<ServedConnection>.Flat);
        Assert.Equal(typeof(ServerBehaviorSummary).GetProperties(), RecordShape<ServerBehaviorSummary>.Flat);
        Assert.Equal(typeof(PcapInterface).GetProperties(), RecordShape<PcapInterface>.Flat);
        Assert.Equal(typeof(ScenarioInfo).GetProperties(), RecordShape<ScenarioInfo>.Flat);
        Assert.Equal(["Steps", "FailedCalls", "Connections"], typeof(ScenarioResult).GetProperties().Except(RecordShape<ScenarioResult>.Flat).Select(p => p.Name));
    }

    private static string Print<T>(OutputFormat format, RecordShape<T> shape, params T[] records)
    {
        using MemoryStream output = new();
        ObjectWriter<T> writer = new(format, output, shape);
        foreach (T record in records)
            writer.Write(record);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
