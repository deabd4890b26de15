using System.Reflection;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Formatting;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Module;

public class FormatTextTests
{
    private const string Hostile = "x\u001b]0;t\u0007\u202e\u2028y\nz";

    /// <summary>Tests every method, including future ones, with hostile text in every text argument.</summary>
    [Fact]
    public void No_method_returns_a_control_character()
    {
        MethodInfo[] methods = [.. typeof(FormatText).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.GetParameters().Any(p => Argument(p) is string or string[]))];
        Assert.True(methods.Length > 10);
        foreach (MethodInfo method in methods)
        {
            string shown = (string)method.Invoke(null, [.. method.GetParameters().Select(Argument)])!;
            Assert.True(shown.Split('\n').All(line => DisplayText.Of(line) == line), $"{method}: {DisplayText.Of(shown)}");
            Assert.Contains(@"\u202e", shown, StringComparison.Ordinal);
        }
    }

    private static object? Argument(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) && parameter.Name is "bad" or "odd" or "good" or "reset" => "",
        var type when type == typeof(string) => Hostile,
        var type when type == typeof(object) && parameter.Name == "value" => Hostile,
        var type when type == typeof(object) => new[] { Hostile },
        var type when type == typeof(int) => 200,
        var type when type == typeof(PcapInterface) => new PcapInterface { Name = Hostile, Description = Hostile },
        var type => type.IsValueType ? Activator.CreateInstance(type) : null,
    };

    [Theory]
    [InlineData(18, 7, "     18")]
    [InlineData(1234567, 7, "1234567")]
    [InlineData(12345678L, 7, " 12346k")]
    [InlineData(98765432109876L, 7, " 98765G")]
    [InlineData(98765432109876L, 4, "   …")]
    [InlineData("42", 4, "  42")] // from a record of another machine
    [InlineData(null, 4, "    ")]
    public void Numbers_are_aligned_to_the_right_and_long_ones_are_rounded(object? value, int width, string expected) => Assert.Equal(expected, FormatText.Number(value, width));

    [Theory]
    [InlineData("10.0.0.1", 80, "10.0.0.1:80")]
    [InlineData("fe80::1", 443, "[fe80::1]:443")]
    [InlineData(null, 0, ":0")]
    public void Endpoint_is_written_as_in_a_URL(string? address, int port, string expected) => Assert.Equal(expected, FormatText.Endpoint(address, port));

    [Theory]
    [InlineData("255.255.255.255", 65535, "255.255.255.255:65535")]
    [InlineData("2001:db8::1", 443, "[2001:db8::1]:443")]
    [InlineData("2001:db8:85a3::8a2e:370:7334", 443, "[2001:db…70:7334]:443")]
    [InlineData("2001:db8:85a3:1111:2222:8a2e:370:7334", 65535, "[2001:d…0:7334]:65535")]
    public void Endpoint_too_long_for_its_column_keeps_its_ends_and_the_port(string address, int port, string expected)
    {
        string actual = FormatText.Endpoint(address, port, 21);
        Assert.Equal(expected, actual);
        Assert.True(actual.Length <= 21);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(0.0, "0")]
    [InlineData(0.000039, "0.000039")]
    [InlineData(1.2346, "1.235")]
    [InlineData(99.9994, "99.999")]
    [InlineData(350.123, "350.1")]
    [InlineData(86400.0, "86400")]
    public void Seconds_have_a_useful_number_of_decimals(double? seconds, string expected) => Assert.Equal(expected, FormatText.Seconds(seconds));

    [Fact]
    public void Times_go_down_to_microseconds()
    {
        DateTime time = new(2024, 2, 29, 23, 59, 58, DateTimeKind.Utc);
        time = time.AddTicks(1_234_560);
        Assert.Equal("2024-02-29 23:59:58.123456Z", FormatText.Time(time));
        Assert.Equal("23:59:58.123456", FormatText.TimeOfDay(time));
    }

    [Theory]
    [InlineData("Reset", "<bad>Reset<off>")]
    [InlineData("HalfClosed", "<odd>HalfClosed<off>")]
    [InlineData("Graceful", "<good>Graceful<off>")]
    [InlineData("True", "<good>True<off>")]
    [InlineData("False", "<bad>False<off>")]
    [InlineData("Open", "Open")]
    [InlineData(null, "")]
    public void States_have_the_color_of_their_meaning(string? state, string expected) =>
        Assert.Equal(expected, FormatText.Painted(state, "<bad>", "<odd>", "<good>", "<off>"));

    [Theory]
    [InlineData("Fin", "<good>Fin<off>")]
    [InlineData("ResetInReply", "<bad>ResetInReply<off>")]
    [InlineData("Silence", "<bad>Silence<off>")]
    [InlineData("None", "None")]
    public void Ways_in_which_a_peer_closes_have_the_color_of_their_meaning(string mechanism, string expected) =>
        Assert.Equal(expected, FormatText.Painted(mechanism, "<bad>", "<odd>", "<good>", "<off>"));

    [Theory]
    [InlineData("Completed", "IdleTimeout", "IdleTimeout")]
    [InlineData("NotConnected", "ConnectionRefused", "ConnectionRefused")]
    [InlineData("NameNotResolved", "Undetermined", "NameNotResolved")]
    [InlineData("Cancelled", "StillOpen", "Cancelled")]
    [InlineData(null, null, "")]
    public void The_column_Why_has_the_cause_of_a_failed_probe(string? status, string? cause, string expected) => Assert.Equal(expected, FormatText.Why(status, cause));

    [Fact]
    public void Rounded_seconds_stay_as_they_are() => Assert.Equal(("      58", "     0.7", "       0", "        "), (FormatText.RoundedSeconds(58, 8), FormatText.RoundedSeconds(0.7, 8), FormatText.RoundedSeconds(0, 8), FormatText.RoundedSeconds(null, 8)));

    [Theory]
    [InlineData("EOF", "ok", "EPIPE", "EOF, ok, EPIPE")]
    [InlineData("EOF", "", null, "EOF")]
    [InlineData(null, null, null, "")]
    public void The_column_Calls_has_only_calls_that_were_made(string? read, string? first, string? second, string expected) => Assert.Equal(expected, FormatText.Calls("Idle", null, "::1", "Fin", read, first, second));

    [Theory]
    [InlineData(null, "127.0.0.1", "None", "connect ok 127.0.0.1")]
    [InlineData("", "::1", "Silence", "connect blocks ::1")]
    [InlineData("ECONNREFUSED", "::1", "Refused", "connect ECONNREFUSED ::1")]
    [InlineData("HostNotFound", "", "None", "")]
    public void A_connect_is_shown_with_its_address(string? error, string address, string mechanism, string expected) =>
        Assert.Equal(expected, FormatText.Calls("Connect", error, address, mechanism, null, null, null));

    [Fact]
    public void Steps_that_did_not_simply_succeed_are_marked() => Assert.Equal(
        "    0.000 Client  send(5) = ok (5 bytes)\n>   0.001 Client  recv = EOF",
        FormatText.Steps(new object[] { "  0.000 Client  send(5) = ok (5 bytes)", "  0.001 Client  recv = EOF" }));

    [Theory]
    [InlineData(null, "C:connect=ok C:send=EPIPE C:recv=EOF", "C:send=EPIPE C:recv=EOF")]
    [InlineData("", "C:send=ok", "")]
    [InlineData("step 4: Client recv returned EOF, not ok", "C:recv=EOF", "step 4: Client recv returned EOF, not ok")]
    [InlineData(null, null, "")]
    public void Outcome_is_the_problem_or_the_calls_that_did_not_succeed(string? problem, string? observed, string expected) =>
        Assert.Equal(expected, FormatText.Outcome(problem, observed));

    [Theory]
    [InlineData(null, "")]
    [InlineData("as text", "as text")]
    public void Ladders_that_lost_their_connections_are_shown_as_they_are(object? connections, string expected) =>
        Assert.Equal(expected, FormatText.Ladders(connections));

    [Fact]
    public void Ladder_has_one_event_per_line_and_marks_the_evidence() => Assert.Equal(
        "  #1 a\n> #12 b  <- shows this; and that",
        FormatText.Ladder(new object[] { "#1 a", "#12 b" }, new object[] { "#2 before the ladder", "#12 shows this", "#12 and that" }));

    [Theory]
    [InlineData(null, "")]
    [InlineData("as text", "  as text")]
    public void Ladder_that_lost_its_rungs_is_shown_as_it_is(object? events, string expected) => Assert.Equal(expected, FormatText.Ladder(events, null));

    [Theory]
    [InlineData(null, "")]
    [InlineData("as text", "as text")]
    [InlineData(new[] { "a", "b" }, "a\nb")]
    public void Each_line_has_one_value(object? values, string expected) => Assert.Equal(expected, FormatText.Lines(values));

    [Theory]
    [InlineData(true, true, false, false, "up")]
    [InlineData(true, false, false, true, "up, no link, wireless")]
    [InlineData(false, false, true, false, "down, loopback")]
    public void Status_of_an_interface_is_text(bool isUp, bool isRunning, bool isLoopback, bool isWireless, string expected) =>
        Assert.Equal(expected, FormatText.InterfaceStatus(isUp, isRunning, isLoopback, isWireless));

    [Fact]
    public void Tip_of_an_interface_has_its_addresses_and_description() => Assert.Equal(
        "a cable; up; 192.0.2.1, ::1",
        FormatText.InterfaceTip(new PcapInterface { Name = "x", Description = "a cable", IsUp = true, IsRunning = true, Addresses = [System.Net.IPAddress.Parse("192.0.2.1"), System.Net.IPAddress.IPv6Loopback] }));
}
