using BrokenPipeTools.Cli.Commands;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Escape sequences that are printed to a terminal, and not to a file.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, "xterm-256color", null, true, true)]
    [InlineData(false, "xterm-256color", "", true, true)] // no-color.org: an empty value has no effect
    [InlineData(false, "xterm-256color", "1", true, false)]
    [InlineData(false, "dumb", null, false, false)]
    [InlineData(false, null, null, false, false)]
    [InlineData(true, "xterm-256color", null, false, false)]
    public void Sequences_and_colors_depend_on_the_terminal_and_its_variables(bool redirected, string? term, string? noColor, bool sequences, bool colors) =>
        Assert.Equal(new Terminal(sequences, colors), Terminal.Of(redirected, term, noColor));

    [Fact]
    public void The_progress_line_is_gray_fits_the_terminal_and_stays_one_line()
    {
        Assert.Equal("\r\e[2K\e[90ma\\x0ab\e[0m", ProgressLine.Render("a\nb", 80, inColor: true));
        Assert.Equal("\r\e[2K1234", ProgressLine.Render("123456789", 5, inColor: false));
        Assert.Equal("\r\e[2K", ProgressLine.Render("123456789", 0, inColor: false));
    }

    [Fact]
    public void A_command_that_prints_nothing_at_first_shows_what_it_does_and_how_to_end_it()
    {
        Assert.Equal("tracing failed calls of all programs (Ctrl+C ends it)", RunningNotice.Text(TraceCommand.Activity(new BrokenPipeTraceOptions(), [], null), null));
        BrokenPipeTraceOptions chosen = new() { ProcessIds = [12], Ports = [80, 443], NetworkNamespace = "7" };
        Assert.Equal("tracing failed calls of php*, process 12 on port 80, 443 in network namespace 7 and capturing on eth0 for 1.5 s (Ctrl+C ends it earlier)", RunningNotice.Text(TraceCommand.Activity(chosen, ["php*"], "eth0"), TimeSpan.FromSeconds(1.5)));
    }

    [Theory]
    [InlineData("TERM=xterm", true)]
    [InlineData("TERM=dumb", false)]
    [InlineData("TERM=xterm NO_COLOR=1", false)]
    public void In_a_terminal_of_80_columns_the_table_ends_with_the_cause_and_the_state_has_a_color(string environment, bool colored)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            return; // script(1), of util-linux, makes the terminal
        string file = Path.Combine(_folder, "x.pcap");
        File.WriteAllBytes(file, CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST-ACK")));
        string words = string.Join(' ', Brokenpipe.Words.Select(word => $"'{word}'"));
        using ChildProgram process = ChildProgram.Start("script", "-qec", $"stty cols 80; env -u NO_COLOR {environment} {words} close '{file}'", "/dev/null");
        string shown = process.StandardOutput.ReadToEnd();
        Assert.Equal(0, process.ExitCode);
        string[] lines = shown.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(" Cause", lines[1], StringComparison.Ordinal);
        Assert.Equal(colored, lines[2].Contains("\e[31mRefused   \e[0m", StringComparison.Ordinal));
        Assert.Equal(colored, shown.Contains("\e[3", StringComparison.Ordinal)); // the console itself writes other sequences
    }
}
