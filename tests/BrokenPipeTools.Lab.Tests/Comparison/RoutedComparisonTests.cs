using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Comparison;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Comparison;

/// <summary>A client, a router and a server in separate namespaces, captured at both ends: the comparison finds the change that the router makes.</summary>
[SupportedOSPlatform("linux")]
public sealed class RoutedComparisonTests
{
    private const string Masquerade = "oifname to-server masquerade";

    /// <summary>A time that is longer than two retransmissions take: 0.2 s, then 0.4 s (TCP_RTO_MIN).</summary>
    private static readonly TimeSpan SomeTime = TimeSpan.FromSeconds(1);

    [PrivilegedTheory]
    [InlineData("", false, "Consistent")]
    [InlineData("", true, "Consistent")]
    [InlineData("iifname to-client tcp dport PORT reject with tcp reset", false, "ForgedReset Server")]
    [InlineData("iifname to-client tcp dport PORT reject with tcp reset", true, "ForgedReset Server")]
    [InlineData("iifname to-server tcp sport PORT reject with tcp reset", false, "ForgedReset Client")]
    [InlineData("iifname to-server tcp sport PORT reject with tcp reset", true, "ForgedReset Client")]
    [InlineData("iifname to-client tcp dport PORT drop", true, "LostOnPath Client")]
    [InlineData("iifname to-server tcp sport PORT drop", true, "LostOnPath Server")]
    public void The_verdict_is_the_change_that_the_router_made(string rule, bool isTranslated, string expected)
    {
        using RoutedNetwork network = new(AddressFamily.InterNetwork);
        network.SetUp();
        SetRules(network, isTranslated);
        using Place client = new(network.Client, "client");
        using Place server = new(network.Server, "server");
        using Socket listener = network.Server.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(network.ServerAddress, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;

        (Socket asking, Socket answering) = Open(network, listener);
        if (rule.Length > 0)
            SetRules(network, isTranslated, rule.Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Exchange(asking, answering);
        SetRules(network, isTranslated);
        Close(Open(network, listener)); // both captures continue after the connection
        Thread.Sleep(SomeTime);
        Close(Open(network, listener));

        List<ConnectionComparison> all = Compare(client, server);
        Assert.Equal(3, all.Count);
        Assert.Equal(expected, $"{all[0].Verdict} {all[0].Sender}".TrimEnd());
        Assert.All(all.Skip(1), one => Assert.Equal(ComparisonVerdict.Consistent, one.Verdict));
        Assert.All(all, one => Assert.Equal(isTranslated, one.Reference!.ClientAddress != one.Difference!.ClientAddress));
    }

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_router_that_clamps_the_MSS_rewrites(bool isTranslated)
    {
        using RoutedNetwork network = new(AddressFamily.InterNetwork);
        network.SetUp();
        SetRules(network, isTranslated, "tcp flags syn tcp option maxseg size set 900");
        using Place client = new(network.Client, "client");
        using Place server = new(network.Server, "server");
        using Socket listener = network.Server.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(network.ServerAddress, 0));
        listener.Listen();
        Close(Open(network, listener));
        SetRules(network, isTranslated);
        Close(Open(network, listener));
        Thread.Sleep(SomeTime);

        List<ConnectionComparison> all = Compare(client, server);
        Assert.Equal([ComparisonVerdict.Rewritten, ComparisonVerdict.Consistent], all.Select(one => one.Verdict));
        Assert.Contains("900", all[0].Explanation, StringComparison.Ordinal);
    }

    private static void SetRules(RoutedNetwork network, bool isTranslated, params string[] rules)
    {
        if (isTranslated)
            network.Router.Translate(Masquerade, rules);
        else
            network.Router.Firewall("forward", rules);
    }

    private static (Socket Asking, Socket Answering) Open(RoutedNetwork network, Socket listener)
    {
        Socket asking = network.Client.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        asking.Connect(listener.LocalEndPoint!);
        Socket answering = listener.Accept();
        asking.Send("hello"u8);
        answering.Receive(new byte[9]);
        return (asking, answering);
    }

    /// <summary>
    /// Both sides write, and reset the connection after a time, as programs do that get no answer. Packets that the rule blocks never arrive.
    /// </summary>
    private static void Exchange(Socket asking, Socket answering)
    {
        asking.Send("question"u8);
        Thread.Sleep(SomeTime);
        try
        {
            answering.Send("answer"u8);
        }
        catch (SocketException)
        {
            // The router has already reset the connection.
        }

        Thread.Sleep(SomeTime);
        asking.LingerState = new LingerOption(true, 0);
        answering.LingerState = new LingerOption(true, 0);
        Close((asking, answering));
    }

    private static void Close((Socket Asking, Socket Answering) pair)
    {
        pair.Asking.Dispose();
        pair.Answering.Dispose();
    }

    private static List<ConnectionComparison> Compare(Place client, Place server)
    {
        List<ConnectionClose> reference = client.Stop(), difference = server.Stop();
        Dictionary<string, string> files = new() { [client.Link] = client.File, [server.Link] = server.File };
        CaptureComparison comparison = new();
        reference.ForEach(record => comparison.AddReference(record));
        difference.ForEach(record => comparison.AddDifference(record));
        return [.. comparison.Compare(path => CaptureFile.Open(files[path])).Order()];
    }

    /// <summary>A capture on a host, written to a file and read while it continues.</summary>
    private sealed class Place : IDisposable
    {
        private readonly LiveAnalysis _capture;
        private readonly Task<List<ConnectionClose>> _reading;

        public Place(NetworkHost host, string link)
        {
            Link = link;
            _capture = LiveAnalysis.Open(CaptureLibrary.Instance, new LiveCaptureOptions { InterfaceName = link, Filter = "tcp", BufferSize = 8 << 20, NetworkNamespace = host.Namespace.Path }, new AnalyzerOptions(), File);
            _reading = Task.Run(() => Analyze.Records(_capture.Analyzer));
        }

        public string Link { get; }

        public string File { get; } = Path.Combine(Path.GetTempPath(), $"brokenpipe-{Guid.NewGuid():N}.pcapng");

        public List<ConnectionClose> Stop()
        {
            _capture.Stop();
            Assert.True(_reading.Wait(ChildProgram.MaxWait));
            _capture.Dispose(); // completes the file
            return _reading.Result;
        }

        public void Dispose()
        {
            _capture.Stop();
            _reading.Wait(ChildProgram.MaxWait);
            _capture.Dispose();
            System.IO.File.Delete(File);
        }
    }
}
