using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Networks;

namespace BrokenPipeTools.Tests.Live;

/// <summary>Live capture in another network namespace; no thread of this process may stay in it.</summary>
[SupportedOSPlatform("linux")]
public sealed class NamespaceCaptureTests
{
    [RootFact]
    public void Packets_of_another_network_namespace_are_captured_and_no_thread_stays_there()
    {
        using NetworkHost host = new();
        using Socket listener = host.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        List<ConnectionClose> records;
        using (LiveAnalysis live = LiveAnalysis.Open(CaptureLibrary.Instance, new LiveCaptureOptions { InterfaceName = "lo", NetworkNamespace = host.Namespace.Path }, new AnalyzerOptions()))
        {
            using (Socket client = host.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                client.Connect(IPAddress.Loopback, port);
                using Socket server = listener.Accept();
                server.Shutdown(SocketShutdown.Send);
                client.Receive(new byte[1]);
            }

            live.Stop();
            records = Analyze.Records(live.Analyzer);
        }

        Assert.Equal(port, Assert.Single(records).ServerPort);
        string own = BrokenPipeTools.Kernel.NetworkNamespace.IdentityOf(Environment.ProcessId)!;
        Assert.NotEqual(own, host.Namespace.Identity);
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
            Assert.NotEqual(host.Namespace.Identity, new FileInfo(Path.Combine(task, "ns", "net")).LinkTarget);
    }

    [RootFact]
    public void A_namespace_or_interface_that_is_not_there_is_an_error()
    {
        using NetworkHost host = new();
        Assert.Equal(LiveCaptureFault.NetworkNamespaceNotFound, FaultOf("lo", "4194999"));
        Assert.Equal(LiveCaptureFault.NetworkNamespaceInvalid, FaultOf("lo", "/etc/passwd"));
        Assert.Equal(LiveCaptureFault.NoSuchInterface, FaultOf("eth77", host.Namespace.Path));
    }

    private static LiveCaptureFault FaultOf(string device, string place) =>
        Assert.Throws<LiveCaptureException>(() => LiveAnalysis.Open(CaptureLibrary.Instance, new LiveCaptureOptions { InterfaceName = device, NetworkNamespace = place }, new AnalyzerOptions())).Fault;
}
