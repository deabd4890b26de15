using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe summary</c> as a process: output, exit codes, messages.</summary>
public sealed class SummaryCommandTests : IDisposable
{
    private const string Script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:FIN\nC:ACK\nC:DATA(9)\nS:RST\nC:SYN conn=1\nS:RST-ACK conn=1\nC:SYN conn=2\nS:RST-ACK conn=2";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Counts_are_printed_group_by_group()
    {
        (int code, string output, string errors) = Run("summary", "--format", "csv", Capture());
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
            Group,Name,Count,Share,Troubled
            Total,Connections,3,1,3
            Cause,ConnectionRefused,2,0.6666666666666666,2
            Cause,WriteAfterPeerClose,1,0.3333333333333333,1
            State,Refused,2,0.6666666666666666,2
            State,Reset,1,0.3333333333333333,1
            ClosedBy,Server,3,1,3
            Service,80,3,1,3
            Pair,10.0.0.1 > 10.0.0.2:80,3,1,3

            """,
            string.Concat(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{string.Join(',', line.Split(',').Take(5))}\n")),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_table_shows_examples()
    {
        (_, string output, _) = Run("summary", Capture());
        Assert.Matches(@"(?m)^Cause +1 +33\.3% WriteAfterPeerClose +1 .*x\.pcap frame 8: tcp\.stream eq 0$", output);
        Assert.DoesNotContain("Change", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_summary_is_compared_with()
    {
        string saved = Path.Combine(_folder, "saved.json");
        File.WriteAllText(saved, Run("summary", "--format", "json", "--cause", "WriteAfterPeerClose", Capture()).Output);
        (int code, string output, _) = Run("summary", "--reference", saved, Capture());
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^Cause +2 +66\.7% +0\.0% New +ConnectionRefused ", output);
        Assert.Matches(@"(?m)^Cause +1 +33\.3% +100\.0% +WriteAfterPeerClose ", output);
    }

    [Theory]
    [InlineData(3, "ThresholdExceeded: ConnectionRefused: 2 connections, accepted 1", "--fail-on", "SilentDrop,ConnectionRefused:1")]
    [InlineData(3, "ThresholdExceeded: Write*: 1 connection, accepted 0", "--fail-on", "SilentDrop", "--fail-on", "Write*")]
    [InlineData(0, "", "--fail-on", "ConnectionRefused:2,SilentDrop")]
    [InlineData(0, "", "--fail-on", "ConnectionRefused", "--state", "Reset")] // of the connections that are wanted
    public void Fail_on_sets_the_exit_code_after_all_output(int code, string error, params string[] options)
    {
        (int actual, string output, string errors) = Run(["summary", .. options, Capture()]);
        Assert.Equal(code, actual);
        Assert.Contains("Pair", output, StringComparison.Ordinal);
        Assert.Equal(error.Length == 0 ? "" : $"brokenpipe: {error}\n", errors);
    }

    [Fact]
    public void A_capture_that_cannot_be_read_is_a_problem_and_the_others_are_counted()
    {
        (int code, string output, string errors) = Run("summary", Path.Combine(_folder, "none.pcap"), Capture());
        Assert.Equal(1, code);
        Assert.Contains("CaptureNotFound", errors, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Total +3 ", output);
        Assert.Equal(3, Run("summary", "--fail-on", "*Refused", Path.Combine(_folder, "none.pcap"), Capture()).Code);
    }

    [Fact]
    public void A_reference_that_is_not_a_summary_ends_it_before_anything_is_read()
    {
        string capture = Capture();
        Assert.Equal((1, "", $"brokenpipe: SummaryReferenceInvalid: {_folder}/none.json: no such file\n"), Run("summary", "--reference", _folder + "/none.json", capture));
        (int code, string output, string errors) = Run("summary", "--reference", capture, capture);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("not a summary in JSON", errors, StringComparison.Ordinal);
    }

    private string Capture()
    {
        string path = Path.Combine(_folder, "x.pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(PacketScript.Build(Script)));
        return path;
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        ProgramResult result = ChildProgram.Run(Brokenpipe.Words[0], [.. Brokenpipe.Words[1..], .. arguments]);
        return (result.ExitCode, result.Output, result.Errors);
    }
}
