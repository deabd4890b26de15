using System.Net.Sockets;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Unsolicited payload right before a server's close is part of the closing; a slow answer is not.</summary>
public sealed class ClosingMessageTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.2);

    [Fact]
    public async Task Unsolicited_payload_belongs_to_the_closing()
    {
        TeardownTest test = await ProbeAsync("", server => Say(server, "421 idle for too long\r\n"));

        Assert.Equal((CloseMechanism.Fin, Cause.IdleTimeout), (test.Mechanism, test.Cause));
        Assert.InRange(test.ClosedAfter!.Value, Silence.TotalSeconds * 0.9, double.MaxValue);
        Assert.Contains("sent data just before", test.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsolicited_payload_after_an_answer_belongs_to_the_closing()
    {
        TeardownTest test = await ProbeAsync("HELO\r\n", server =>
        {
            server.Send("250 hello\r\n"u8);
            Say(server, "421 idle for too long\r\n");
        });

        Assert.Equal(Cause.IdleTimeout, test.Cause);
        Assert.InRange(test.ClosedAfter!.Value, Silence.TotalSeconds * 0.9, double.MaxValue);
    }

    [Theory]
    [InlineData(TeardownProbeKind.PeerClose)]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public async Task After_an_answer_the_idle_limit_of_a_pool_is_known(TeardownProbeKind probe)
    {
        TeardownTest test = await ProbeAsync(
            "PING\r\n",
            server =>
            {
                server.Send("+PONG\r\n"u8);
                Say(server, "421 idle for too long\r\n");
            },
            new TeardownOptions { Probes = [probe], MaxRequests = 1 });

        Assert.True(test is { Cause: Cause.IdleTimeout, SafeIdleSeconds: not null } && test.SafeIdleSeconds < test.ClosedAfter, ProbedServer.Dump(test));
    }

    [Fact]
    public async Task Of_the_HTTP_answers_only_408_is_part_of_the_closing()
    {
        TeardownTest test = await ProbeAsync("GET / HT", server => Say(server, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"));

        Assert.Equal((Cause.IdleTimeout, Confidence.High), (test.Cause, test.Confidence));
        Assert.InRange(test.ClosedAfter!.Value, Silence.TotalSeconds * 0.9, double.MaxValue);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")]
    [InlineData("250 hello\r\n")]
    public async Task An_answer_that_took_long_is_an_answer(string answer)
    {
        await AssertNoIdleTimeoutAsync(server => Say(server, answer));
    }

    [Fact]
    public async Task The_rest_of_a_slow_HTTP_answer_is_not_a_closing_message()
    {
        await AssertNoIdleTimeoutAsync(server =>
        {
            server.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"u8);
            Say(server, "hello");
        });
    }

    /// <summary>
    /// The silence before the last bytes is not part of the time until the close. On a busy machine the close itself may come that late; in that case
    /// the probe is made once more.
    /// </summary>
    private static async Task AssertNoIdleTimeoutAsync(Action<Socket> serve)
    {
        TeardownTest test = await ProbeAsync("GET / HTTP/1.1\r\n\r\n", serve);
        for (int again = 0; again < 5 && test.ClosedAfter >= Silence.TotalSeconds; again++)
            test = await ProbeAsync("GET / HTTP/1.1\r\n\r\n", serve);
        Assert.NotEqual(Cause.IdleTimeout, test.Cause);
        Assert.InRange(test.ClosedAfter!.Value, 0, Silence.TotalSeconds);
    }

    /// <summary>A server that is silent, then sends a message, and then closes.</summary>
    private static void Say(Socket server, string words)
    {
        Thread.Sleep(Silence); // the silence is measured
        server.Send(Encoding.ASCII.GetBytes(words));
    }

    private static async Task<TeardownTest> ProbeAsync(string payload, Action<Socket> serve, TeardownOptions? how = null)
    {
        using LoopbackServer listener = new();
        TeardownOptions options = (how ?? new()) with { Payload = Encoding.ASCII.GetBytes(payload) };
        Task<TeardownTest> probing = Task.Run(() => TeardownProbe.Run([new TeardownTarget("127.0.0.1", listener.Port)], options).Single());
        using Socket server = await listener.AcceptAsync().WaitAsync(ChildProgram.MaxWait);
        if (payload.Length > 0)
            await server.ReceiveAsync(new byte[100]).WaitAsync(ChildProgram.MaxWait);
        await Task.Factory.StartNew(() => serve(server), TaskCreationOptions.LongRunning);
        server.Close();
        return await probing.WaitAsync(ChildProgram.MaxWait);
    }
}
