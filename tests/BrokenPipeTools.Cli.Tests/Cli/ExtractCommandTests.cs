using System.Text;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe extract</c> as a process. With an address or a port it takes the packets in one pass.</summary>
public sealed class ExtractCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The capture includes frames in VLANs, tunnels, fragments and ICMP errors.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void The_packets_are_those_of_the_records_with_that_address(int seed, bool byPort)
    {
        string capture = Path.Combine(_folder, "whole.pcap");
        File.WriteAllBytes(capture, new RandomCapture(seed).Make(frames: 2000));
        ConnectionClose[] all = [.. Analyze.File(capture)];
        ConnectionClose one = all[all.Length / 2];
        ConnectionClose[] chosen = byPort
            ? [.. all.Where(record => record.ClientPort == one.ServerPort || record.ServerPort == one.ServerPort)]
            : [.. all.Where(record => record.ClientAddress == one.ClientAddress || record.ServerAddress == one.ClientAddress)];
        string expected = Path.Combine(_folder, "expected.pcapng");
        using (RecordExport export = new(expected, overwrite: false))
        {
            Assert.All(chosen, record => Assert.True(export.TryAdd(record)));
            Assert.Empty(export.Complete(CaptureFile.Open));
        }

        string extract = Path.Combine(_folder, "extract.pcapng");
        string[] filter = byPort ? ["--port", $"{one.ServerPort}"] : ["--address", one.ClientAddress];
        (int code, _, string errors) = Run(["extract", .. filter, "--to", extract, capture]);

        Assert.Equal((0, $"{extract}: {chosen.Length} connections\n"), (code, errors.ReplaceLineEndings("\n")));
        Assert.Equal(Frames(expected), Frames(extract));
    }

    /// <summary>The comments are those of an analysis of only these packets: every frame that they mention is in the extract.</summary>
    [Fact]
    public void The_comments_are_those_of_the_extract_itself()
    {
        string capture = Write("C:SYN conn=1\nS:RST-ACK conn=1\nC:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:FIN\nC:ACK\nC:DATA(9)\nS:RST\n");
        string extract = Path.Combine(_folder, "extract.pcapng");
        int port = Analyze.File(capture).Single(record => record.Packets == 8).ClientPort;
        Assert.Equal(0, Run("extract", "--port", $"{port}", "--to", extract, capture).Code);
        ConnectionClose record = Assert.Single(Analyze.File(extract));
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(extract));
        Assert.Contains($"frame 3 and others of x.pcap, 10.0.0.1:{port} > 10.0.0.2:80: Reset, WriteAfterPeerClose", text, StringComparison.Ordinal);
        Assert.Contains($"frame 10 of x.pcap: {record.Evidence[^1].Shows}", text, StringComparison.Ordinal);
        Assert.Equal(8, Frames(extract).Length);
    }

    [Fact]
    public void Packets_of_others_are_counted()
    {
        string capture = Write("C:SYN\nS:RST-ACK\nC:SYN conn=1\nS:RST-ACK conn=1\nC:ACK conn=1\n");
        int port = Analyze.File(capture).Single(record => record.Packets == 2).ClientPort;
        (_, _, string errors) = Run("extract", "-v", "--port", $"{port}", "--to", Path.Combine(_folder, "extract.pcapng"), capture);
        Assert.Contains("5 frames, 2 TCP segments, 3 with other addresses or ports", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_one_address_has_the_causes_of_a_full_analysis()
    {
        string capture = Write("C:SYN conn=1\nS:RST-ACK conn=1\nC:SYN\nS:RST-ACK\n");
        string ticket = Path.Combine(_folder, "ticket.md");
        int port = Analyze.File(capture).Single(record => record.Stream == 1).ClientPort;
        Assert.Equal(0, Run("extract", "--port", $"{port}", "--to", ticket, capture).Code);
        Assert.Contains("tcp.stream eq 1", File.ReadAllText(ticket), StringComparison.Ordinal);
    }

    private static string[] Frames(string path) =>
        [.. Analyze.Frames(File.ReadAllBytes(path)).Select(frame => $"{frame.Time} {Convert.ToHexString(frame.Data)}")];

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        ProgramResult result = ChildProgram.Run(Brokenpipe.Words[0], [.. Brokenpipe.Words[1..], .. arguments]);
        return (result.ExitCode, result.Output, result.Errors);
    }

    private string Write(string script)
    {
        string path = Path.Combine(_folder, "x.pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(PacketScript.Build(script), linkType: 1));
        return path;
    }
}
