using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// Apache httpd closes its sending side and continues to read for two or thirty seconds, so that late writes are accepted and lost
/// (https://httpd.apache.org/docs/2.4/mod/core.html, .../mod_reqtimeout.html).
/// </summary>
internal static class ApacheCases
{
    /// <summary>All products that wait five seconds; the time alone does not distinguish them.</summary>
    private const string FiveSeconds = "Node.js http keepAliveTimeout (before 26); Apache httpd KeepAliveTimeout; uvicorn --timeout-keep-alive; Varnish timeout_idle";

    public static ServerCase[] All { get; } =
    [
        Case("KeepAliveTimeout 5 (its default)", "after an answer") with { Payload = ServerCase.WholeRequest, Seconds = 5, Timers = FiveSeconds },
        Case("Timeout 2", "sends part of a head, gets 408") with { Payload = ServerCase.PartOfRequest },
        Case("RequestReadTimeout header=2", "sends part of a head, gets 408") with { Payload = ServerCase.PartOfRequest },
        Case("LimitRequestBody 1000", "sends part of a body, gets 413") with { Payload = ServerCase.PartOfUpload, Seconds = 0,
            Timers = "", Cause = Cause.HalfClose },
        Case("MaxKeepAliveRequests 3", "one request after another") with
        {
            Probe = TeardownProbeKind.KeepAliveRace,
            Payload = ServerCase.WholeRequest,
            Seconds = 0,
            Timers = "",
            Requests = 4, // the first request does not count, because the connection was not kept alive for it
            Cause = Cause.NormalClose,
        },
    ];

    public static void Start(RealServer server, int[] ports)
    {
        string hosts = string.Join('\n', All.Select((c, i) => $"""
            Listen 127.0.0.1:{ports[i]}
            {(ServerCase.Addresses.Length > 1 ? $"Listen [::1]:{ports[i]}" : "")}
            <VirtualHost *:{ports[i]}>
              {(c.Setting.StartsWith("RequestReadTimeout", StringComparison.Ordinal) ? "" : "RequestReadTimeout handshake=0 header=0 body=0")}
              {(c.Setting.Contains("default", StringComparison.Ordinal) ? "" : c.Setting)}
            </VirtualHost>
            """));
        string modules = string.Join('\n', new[] { "mpm_event", "authz_core", "reqtimeout" }.Select(name => $"LoadModule {name}_module {Modules}/mod_{name}.so"));
        string file = server.Write("apache.conf", $"""
            ServerRoot {server.Folder}
            DefaultRuntimeDir {server.Folder}
            ServerName localhost
            User nobody
            PidFile {server.Folder}/apache.pid
            ErrorLog {server.Folder}/error.log
            {modules}
            {hosts}
            """);
        server.Start(ports, ServerProgram.Apache.Path, "-D", "FOREGROUND", "-f", file);
    }

    private const string Modules = "/usr/lib/apache2/modules";

    private static ServerCase Case(string setting, string client) => ServerCase.AfterTwoSeconds(ServerProgram.Apache, setting, client) with { Calls = "EOF ok ok" };
}
