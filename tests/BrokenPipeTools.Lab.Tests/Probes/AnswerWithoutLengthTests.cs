using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>A server whose answer ends with its connection, as those of HTTP/1.0 do.</summary>
public sealed class AnswerWithoutLengthTests
{
    [Theory]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    [InlineData(TeardownProbeKind.Idle)]
    public async Task The_close_that_ends_an_answer_is_announced(TeardownProbeKind probe)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Task served = Task.Run(async () =>
        {
            using Socket client = await listener.AcceptAsync();
            Assert.NotEqual(0, await client.ReceiveAsync(new byte[4096]));
            await client.SendAsync("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello"u8.ToArray());
        });

        TeardownOptions options = new() { Probes = [probe], HttpPath = "/", WaitLimit = TimeSpan.FromSeconds(60) };
        TeardownTest test = Assert.Single(TeardownProbe.Run([new TeardownTarget("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port)], options));
        await served.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((CloseMechanism.Fin, null), (test.Mechanism, test.SafeIdleSeconds));
        Assert.Equal(probe == TeardownProbeKind.KeepAliveRace ? 1 : null, test.Requests);
        Assert.Contains("announced", test.Advice, StringComparison.Ordinal);
    }
}
