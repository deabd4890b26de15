using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>The command line as a person or a script uses it, run as a process.</summary>
public sealed class CloseCommandTests : IDisposable
{
    private const string Script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Csv_has_a_header_and_one_row_per_connection()
    {
        (int code, string output, _) = Run("close", "--format", "csv", Write("a,b.pcap", CaptureBytes.Pcap(PacketScript.Build(Script))));
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 2), (code, lines.Length));
        Assert.Equal(string.Join(',', RecordColumn.All.Select(c => c.Name)), lines[0]);
        Assert.StartsWith($"\"{Path.Combine(_folder, "a,b.pcap")}\",0,10.0.0.1,40000,10.0.0.2,80,,True,2023-11-14T22:13:20.0010000Z,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",Reset,Server,S:FIN C:ACK C:DATA(5) S:RST,,6,,9,0.001,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_the_flat_properties_in_their_order()
    {
        PropertyInfo[] flat = [.. typeof(ConnectionClose).GetProperties().Where(p => !p.PropertyType.IsGenericType || p.PropertyType.GetGenericTypeDefinition() != typeof(RecordList<>))];
        Assert.Equal(flat.Select(p => p.Name), RecordColumn.All.Select(c => c.Name));
    }

    [Fact]
    public void Json_is_one_object_per_line_with_the_names_of_the_record_and_its_details()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script + "C:SYN conn=1\nS:RST-ACK conn=1")));
        (_, string output, _) = Run("close", "-f", "json", file);
        JsonElement[] objects = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(2, objects.Length);
        Assert.Equal([.. RecordColumn.All.Select(c => c.Name), "Errors", "Evidence", "Alternatives", "Events"], objects[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("Reset", objects[0].GetProperty("State").GetString());
        Assert.Equal(JsonValueKind.Null, objects[0].GetProperty("ClientFinFrame").ValueKind);
        Assert.Equal(4, objects[0].GetProperty("Events").GetArrayLength());
        Assert.Equal("Fin", objects[0].GetProperty("Events")[0].GetProperty("Kind").GetString());
        Assert.Equal("WriteAfterPeerClose", objects[0].GetProperty("Cause").GetString());
        Assert.Equal([6, 8, 9], objects[0].GetProperty("Evidence").EnumerateArray().Select(e => e.GetProperty("Frame").GetInt32()));
        Assert.Equal("EPIPE", objects[0].GetProperty("Errors")[0].GetProperty("Writes")[0].GetString());
        Assert.NotEqual("WriteAfterPeerClose", objects[0].GetProperty("Alternatives")[0].GetProperty("Cause").GetString());
    }

    [Fact]
    public void The_table_and_the_list_show_the_closing()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script)));
        Assert.Matches(@"10\.0\.0\.1:40000 +10\.0\.0\.2:80 +Reset +Server +WriteAfterPeerClose +0\.001 S:FIN C:ACK C:DATA\(5\) S:RST", Run("close", file).Output);
        string list = Run("close", "--format", "list", file).Output;
        Assert.Matches(@"State +: Reset", list);
        Assert.Matches(@"Evidence +: #6 closed\n +: #8 payload after the close\n +: #9 the RST that answers it\n", list);
        Assert.Matches(@"Errors +: Client on Linux: read EOF, EOF, EOF; write EPIPE, EPIPE, EPIPE\n +: Client on Windows: ", list);
        Assert.Matches(@"\n +:   #7 .* len=0\n +: > #8 .* len=5  <- payload after the close\n", list);
        Assert.Matches(@"Events +: > #6 22:13:20\.\d+ Server \[Fin, Ack\] seq=1 ack=6", list);
    }

    [Theory]
    [InlineData(1, "Stream")]
    [InlineData(80, "Cause")]
    [InlineData(120, "Sequence")]
    [InlineData(int.MaxValue, "Start")]
    public void The_table_leaves_out_the_last_columns_of_a_narrow_terminal(int width, string last) =>
        Assert.Equal(last, TableRecordWriter.Layout(width).Columns[^1].Title);

    [Theory]
    [InlineData("table")]
    [InlineData("list")]
    public void Control_characters_of_a_file_name_are_escaped_in_a_table(string format)
    {
        if (OperatingSystem.IsWindows())
            return; // if names cannot have such characters
        string file = Write("a\u001b[2J\nb.pcap", CaptureBytes.Pcap(PacketScript.Build(Script)));
        string output = Run("close", "-f", format, file).Output;
        Assert.DoesNotContain(output.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
        Assert.Contains("/a\\x1b[2J\\x0ab.pcap\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_are_escaped_in_messages_and_kept_in_csv()
    {
        if (OperatingSystem.IsWindows())
            return;
        const string Hostile = "a\u001b]0;t\u0007\u202eb\u2028\u009bc";
        string file = Write(Hostile + ".pcap", CaptureBytes.Pcap(PacketScript.Build(Script)));
        (_, string output, string errors) = Run("close", "-v", "-f", "csv", file, file + ".missing", Write(Hostile + ".txt", "no capture"u8.ToArray()));
        Assert.Contains(Hostile, output, StringComparison.Ordinal);
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(DisplayText.Of(line), line));
        Assert.All(lines, line => Assert.Contains(@"a\x1b]0;t\x07\u202eb\u2028\x9bc", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Standard_input_is_a_file_called_dash()
    {
        (int code, string output, _) = Run(["close", "-f", "csv", "-"], CaptureBytes.Gzip(CaptureBytes.Pcapng(PacketScript.Build(Script))));
        Assert.Equal(0, code);
        Assert.Contains("\n-,0,10.0.0.1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_files_are_reported_with_their_problem_and_the_next_one_is_read()
    {
        byte[] good = CaptureBytes.Pcap(PacketScript.Build(Script));
        byte[] damaged = [.. good, .. new ByteList(false).U32(1).U32(0).U32(0x40000000).U32(60).ToArray()];
        string[] files =
        [
            Path.Combine(_folder, "missing.pcap"), _folder, Write("empty.pcap", []), Write("text.pcap", "hello, world"u8.ToArray()),
            Write("cut.pcap", good[..^3]), Write("damaged.pcap", damaged), Write("user.pcap", CaptureBytes.Pcap(PacketScript.Build(Script), linkType: 147)), Write("good.pcap", good),
        ];
        (int code, string output, string errors) = Run(["close", "-f", "csv", .. files]);
        string[] lines = [.. errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(1, code);
        Assert.Equal(
            ["CaptureNotFound", "CaptureIsDirectory", "CaptureEmpty", "CaptureFormatUnknown", "warning", "CaptureDamaged", "LinkTypeUnsupported"],
            lines.Select(l => l.Split(": ")[1]));
        Assert.Contains($"cut.pcap: the file ends in the middle of a frame (at byte offset {good.Length - 16 - 54})", lines[4], StringComparison.Ordinal);
        Assert.Contains($"invalid length: a frame of 1073741824 bytes (at byte offset {good.Length})", lines[5], StringComparison.Ordinal);
        Assert.Contains("link type 147", lines[6], StringComparison.Ordinal);
        string[] rows = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(r => Path.GetFileName(r.Split(',')[0]))];
        Assert.Equal(["cut.pcap", "damaged.pcap", "good.pcap"], rows);
    }

    [Fact]
    public void An_empty_name_is_a_missing_file_and_the_next_one_is_read()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script)));
        foreach (string[] options in new string[][] { [], ["--continuous"] })
        {
            (int code, string output, string errors) = Run(["close", "-f", "csv", .. options, "", file]);
            Assert.Equal((1, "brokenpipe: CaptureNotFound: '': no such file\n"), (code, errors));
            Assert.Equal(2, output.Count(c => c == '\n'));
        }
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_opened_and_one_that_is_not_unique_is_reported()
    {
        if (!OperatingSystem.IsLinux())
            return; // elsewhere names are Unicode
        Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script)));
        ProgramResult RunIn(string script) => ChildProgram.Run("sh", ["-c", $"cd \"$0\" && {script}", _folder, .. Brokenpipe.Words, "close", "-f", "csv"]);
        ProgramResult one = RunIn("mkdir \"$(printf '\\374')\" && mv x.pcap \"$(printf '\\374/m\\351.pcap')\" && exec \"$@\" */m*.pcap");
        Assert.Equal((0, ""), (one.ExitCode, one.Errors));
        Assert.StartsWith("\uFFFD/m\uFFFD.pcap,0,", one.Output.Split('\n')[1], StringComparison.Ordinal);
        ProgramResult two = RunIn("cp */m*.pcap \"$(printf '\\374/m\\350.pcap')\" && \"$@\" */m*.pcap; rm -r */");
        Assert.Equal(2, two.Errors.Split("CaptureReadFailed: \uFFFD/m\uFFFD.pcap: 2 files have this name").Length - 1);
    }

    [Fact]
    public void A_wildcard_without_a_match_is_one_line()
    {
        foreach (string[] options in new string[][] { [], ["--continuous"] })
            Assert.Equal((1, "", $"brokenpipe: CaptureNotFound: {_folder}/*.pcap: no such file\n"), Run(["close", .. options, _folder + "/*.pcap"]));
    }

    [Fact]
    public void The_option_cause_selects_only_connections_with_these_causes()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script + "C:SYN conn=1\nS:RST-ACK conn=1")));
        int Rows(params string[] causes) => Run(["close", "-f", "csv", .. causes.SelectMany(c => new[] { "--cause", c }), file]).Output.Count(c => c == '\n') - 1;
        Assert.Equal([2, 1, 1, 0, 2], [Rows(), Rows("ConnectionRefused"), Rows("writeafterpeerclose"), Rows("HealthProbe"), Rows("ConnectionRefused", "WriteAfterPeerClose")]);
    }

    [Fact]
    public void Filters_write_the_connections_that_pass_all_of_them()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script + "C:SYN conn=1\nS:RST-ACK conn=1")));
        int Rows(params string[] options) => Run(["close", "-f", "csv", .. options, file]).Output.Count(c => c == '\n') - 1;
        Assert.Equal([2, 0, 1, 1], [Rows("--address", "10.0.0.0/8"), Rows("--address", "::/0"), Rows("--port", "40001"), Rows("--state", "*fused")]);
        Assert.Equal([2, 0, 2, 0], [Rows("--after", "2023-11-14"), Rows("--after", "2023-11-15"), Rows("--before", "2023-11-15"), Rows("--before", "2023-11-14T22:13:19Z")]);
        Assert.Equal([1, 0, 0], [Rows("--port", "80", "--state", "Reset"), Rows("--port", "443", "--state", "Reset"), Rows("--contains", "not there")]);
    }

    [Fact]
    public void An_unknown_cause_is_reported_with_the_valid_ones()
    {
        (int code, _, string errors) = Run("close", "--cause", "Bug", "x");
        Assert.Equal(2, code);
        Assert.All(Enum.GetNames<Cause>(), name => Assert.Contains(name, errors, StringComparison.Ordinal));
    }

    [Fact]
    public void Verbose_counts_every_frame_by_its_outcome()
    {
        List<RawFrame> frames = [.. PacketScript.Build(Script), new RawFrame([.. new byte[12], 8, 6, .. new byte[46]])];
        (_, _, string errors) = Run("close", "-v", Write("x.pcap", CaptureBytes.Pcap(frames)));
        Assert.Contains("10 frames, 9 TCP segments, 1 of other protocols", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("close", "--format", "xml", "x")]
    [InlineData("close", "--format", "9", "x")]
    [InlineData("close", "--max-connections", "0", "x")]
    [InlineData("close", "--local-address", "here", "x")]
    [InlineData("close", "--cause", "4", "x")]
    [InlineData("nonsense")]
    public void Wrong_usage_and_bad_input_have_different_exit_codes(params string[] arguments)
    {
        (int code, _, string errors) = Run(arguments);
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
    }

    [Theory]
    [InlineData(new[] { "--local-address", "10.0.0.1" }, "Your program kept writing (frame 8) after the server closed")]
    [InlineData(new[] { "--local-address", "::1", "--local-address", "10.0.0.2" }, "Your program closed (FIN, frame 6); the client sent payload after that")]
    [InlineData(new[] { "--local-address", "10.0.0.3" }, "The server closed (FIN, frame 6)")]
    public void A_local_address_explains_from_that_side(string[] options, string explanation)
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Script)));
        (int code, string output, _) = Run(["close", "-f", "csv", .. options, file]);
        Assert.Equal(0, code);
        Assert.Contains(explanation, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timer_file_adds_to_the_defaults_and_a_bad_one_stops_the_command_before_anything_is_read()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n+75.0 S:FIN\nC:ACK\nC:FIN\nS:ACK")));
        string good = Write("good.csv", "Seconds,Mode,Closer,Product\n75,Fin,Server,edge-1\n"u8.ToArray());
        (int code, string output, _) = Run("close", "-f", "csv", "--timer-file", good, file);
        Assert.Equal(0, code);
        Assert.Contains("consistent with your timer edge-1, the default of nginx keepalive_timeout", output, StringComparison.Ordinal);

        string bad = Write("bad.csv", "Seconds,Mode,Closer,Product\n75,Fin,Nobody,edge-1\n"u8.ToArray());
        (code, output, string errors) = Run("close", "-f", "csv", "--timer-file", bad, file);
        Assert.Equal((1, ""), (code, output));
        Assert.Equal($"brokenpipe: TimerFileInvalid: {bad}, line 2: Closer must be one of Client, Server, Middlebox, Both, not 'Nobody'", errors.TrimEnd());
    }

    [Fact]
    public void A_reader_that_closes_the_output_ends_the_command_without_an_error()
    {
        string script = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"C:SYN conn={i}"));
        string file = Write("many.pcap", CaptureBytes.Pcap(PacketScript.Build(script)));
        using ChildProgram process = Start(["close", file]);
        Assert.NotNull(process.StandardOutput.ReadLine());
        process.StandardOutput.Close();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
    }

    [Fact]
    public void An_interrupt_ends_the_command_with_complete_rows_and_the_shells_exit_code()
    {
        if (OperatingSystem.IsWindows())
            return; // there is no kill(1) to interrupt it with
        string script = string.Join('\n', Enumerable.Range(0, 100).Select(i => $"C:SYN conn={i}\nS:RST-ACK conn={i}"));
        using ChildProgram process = Start(["close", "-f", "csv", "--linger", "0", "-"]);
        process.StandardInput.BaseStream.Write(CaptureBytes.Pcap(PacketScript.Build(script)));
        process.StandardInput.BaseStream.Flush();
        string? header = process.StandardOutput.ReadLine();
        string? row = process.StandardOutput.ReadLine();
        process.Interrupt(); // the pipe stays open: without the interrupt it would wait for more
        string rest = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(130, process.ExitCode);
        Assert.Equal(header!.Split(',').Length, Regex.Replace(row!, "\"[^\"]*\"", "").Split(',').Length); // commas in quotation marks are no separators
        Assert.True(rest.Length == 0 || rest[^1] == '\n', "the last row is not whole");
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments) => Run(arguments, []);

    private static (int Code, string Output, string Errors) Run(string[] arguments, byte[] input)
    {
        using ChildProgram process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static ChildProgram Start(string[] arguments) => ChildProgram.Start(Brokenpipe.With(arguments));
}
