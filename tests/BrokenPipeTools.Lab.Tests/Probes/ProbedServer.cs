using System.Net;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>A misbehaving server, and one probe of it.</summary>
internal static class ProbedServer
{
    public static TeardownTest Probe(BrokenPipeServerOptions server, TeardownOptions options)
    {
        using BrokenPipeServer running = BrokenPipeServer.Start(server);
        return Probe(running, options);
    }

    public static TeardownTest Probe(BrokenPipeServer server, TeardownOptions options) =>
        Assert.Single(TeardownProbe.Run([new TeardownTarget(server.Address!, server.Port)], options));

    public static BrokenPipeServerOptions Server(ServerBehavior behavior, string address) => new() { Behavior = behavior, Address = IPAddress.Parse(address) };

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>The output of the server, for the message of a failing test.</summary>
    public static string Dump(TeardownTest test) =>
        string.Join('\n', typeof(TeardownTest).GetProperties().Where(p => p.Name is not "Steps").Select(p => $"{p.Name} = {p.GetValue(test)}").Concat(test.Steps.Select(step => step.ToString())));
}
