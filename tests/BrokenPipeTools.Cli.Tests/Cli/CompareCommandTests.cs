using System.Text.Json;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe compare</c> as a process: output, exit codes, messages.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private const string Opening = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nC:SYN conn=1\nS:SYN-ACK conn=1\nC:ACK conn=1\n";
    private const string Rest = "+3 C:FIN conn=1\nS:FIN conn=1\nC:ACK conn=1\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_format_has_the_verdict()
    {
        (string client, string server) = (Capture("client", Opening + "+1 S:RST-ACK ttl=50\n" + Rest, 0), Capture("server", Opening + Rest, 300_000));
        (int code, string json, string errors) = Run("compare", "--format", "json", client, server);
        Assert.Equal((0, ""), (code, errors));
        JsonElement one = JsonDocument.Parse(json.Split('\n')[0]).RootElement;
        Assert.Equal(("ForgedReset", "Server"), (one.GetProperty("Verdict").GetString(), one.GetProperty("Sender").GetString()));
        Assert.Equal(8, one.GetProperty("Packets").EnumerateArray().Last().GetProperty("ReferenceFrame").GetInt64());
        Assert.Matches("ForgedReset .*frame 8", Run("compare", client, server).Output);
        Assert.Matches("(?m)^Verdict +: ForgedReset$", Run("compare", "--format", "list", client, server).Output);
        Assert.StartsWith("Explanation,Verdict,Confidence,", Run("compare", "--format", "csv", client, server).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_that_cannot_be_read_is_an_error()
    {
        (int code, string output, string errors) = Run("compare", Capture("client", Opening, 0), _folder + "/none.pcap");
        Assert.Equal((1, ""), (code, output));
        string line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // no warning that the two have nothing in common
        Assert.Contains("none.pcap", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Captures_without_a_connection_in_common_are_a_warning()
    {
        (int code, string output, string errors) = Run("compare", "--format", "json", Capture("client", Opening, 0), Capture("server", "C:SYN seq=9 conn=5 to=443\nS:RST-ACK conn=5 to=443\n", 0));
        Assert.Equal((0, "", "brokenpipe: warning: the two captures have no connection in common\n"), (code, output, errors));
    }

    /// <summary>
    /// At the server's place the client's packets are captured later (by <paramref name="way"/>, in nanoseconds), and the server's packets earlier.
    /// </summary>
    private string Capture(string name, string script, int way)
    {
        const int LastOfSource = 14 + 15;
        string path = Path.Combine(_folder, name + ".pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(PacketScript.Build(script).Select(frame => frame with { Time = frame.Time + (frame.Data[LastOfSource] == 1 ? way : -way) })));
        return path;
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        ProgramResult result = ChildProgram.Run(Brokenpipe.Words[0], [.. Brokenpipe.Words[1..], .. arguments]);
        return (result.ExitCode, result.Output, result.Errors);
    }
}
