using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// HAProxy: every time-out ends in a FIN, with a 408 before it if a request was due
/// (https://docs.haproxy.org/2.6/configuration.html#4.2-timeout%20client).
/// </summary>
internal static class HAProxyCases
{
    public static ServerCase[] All { get; } =
    [
        Case("timeout http-keep-alive 2s", "after an answer") with { Payload = ServerCase.WholeRequest },
        Case("timeout http-keep-alive 2s", "after an answer over TLS") with { Payload = ServerCase.WholeRequest, UseTls = true },
        Case("timeout client 2s", "after an answer") with { Payload = ServerCase.WholeRequest },
        Case("timeout client 2s; mode tcp", "sends nothing"),
        Case("timeout http-request 2s", "sends part of a head, gets 408") with { Payload = ServerCase.PartOfRequest },
        Case("http-request deny status 413", "sends part of a body, gets 413") with
        {
            Payload = ServerCase.PartOfUpload,
            Seconds = 0,
            Timers = "",
            Cause = Cause.EarlyResponse,
            Calls = "EOF ok|EPIPE EPIPE", // HAProxy sends a RST right after its FIN; it may come before our write or after it
        },
    ];

    public static void Start(RealServer server, int[] ports)
    {
        string certificate = server.WriteCertificate();

        // The last port is that of a server behind HAProxy, which never answers.
        string frontends = string.Join('\n', All.Select((c, i) => $"""
            frontend f{i}
              bind {Bind(ports[i])}{(c.UseTls ? $" ssl crt {certificate}" : "")}
              {(c.Setting.Contains("mode tcp", StringComparison.Ordinal) ? "mode tcp\n  default_backend silent" : "mode http")}
              {c.Setting.Split(';')[0]}
              {(c.Setting.Contains("mode tcp", StringComparison.Ordinal) || c.Setting.Contains("deny", StringComparison.Ordinal) ? "" : "http-request return status 200")}
            """));
        string file = server.Write("haproxy.cfg", $"""
            global
              maxconn 100
            defaults
              timeout connect 1s
              timeout client 60s
              timeout server 60s
            {frontends}
            frontend silence
              mode tcp
              bind {Bind(ports[^1])}
              tcp-request inspect-delay 60s
              tcp-request content reject if WAIT_END
            backend silent
              mode tcp
              server s 127.0.0.1:{ports[^1]}

            """);
        server.Start(ports, ServerProgram.HAProxy.Path, "-db", "-f", file);
    }

    private static string Bind(int port) => string.Join(',', ServerCase.Addresses.Select(address => address.GetAddressBytes().Length == 4 ? $"{address}:{port}" : $"[{address}]:{port}"));

    private static ServerCase Case(string setting, string client) => ServerCase.AfterTwoSeconds(ServerProgram.HAProxy, setting, client);
}
