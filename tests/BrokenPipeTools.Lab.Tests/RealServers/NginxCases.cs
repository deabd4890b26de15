using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>nginx: a FIN after its time-out, a RST if configured so (https://nginx.org/en/docs/http/ngx_http_core_module.html).</summary>
internal static class NginxCases
{
    public static ServerCase[] All { get; } =
    [
        Case("keepalive_timeout 2s", "after an answer") with { Payload = ServerCase.WholeRequest },
        Case("keepalive_timeout 2s", "after an answer over TLS") with { Payload = ServerCase.WholeRequest, UseTls = true },
        Case("client_header_timeout 2s", "sends nothing"),
        Case("client_header_timeout 2s; reset_timedout_connection on", "sends part of a head") with
        {
            Payload = ServerCase.PartOfRequest,
            Mechanism = CloseMechanism.Reset,
            Timers = "",
            Calls = "ECONNRESET EPIPE EPIPE",
        },
        Case("client_max_body_size 1k; lingering_timeout 2s", "sends part of a body, gets 413") with { Payload = ServerCase.PartOfUpload, Timers = ServerCase.TwoSeconds },
        Case("lingering_close always; keepalive_timeout 0", "after an answer") with
        {
            Payload = ServerCase.WholeRequest,
            Seconds = 0,
            Timers = "",
            Cause = Cause.HalfClose,
            Calls = "EOF ok ok",
        },
        Case("return 444; reset_timedout_connection on", "sends a request") with
        {
            Payload = ServerCase.WholeRequest,
            Seconds = 0,
            Timers = "",
            Mechanism = CloseMechanism.ResetInReply,
            Cause = Cause.UnreadDataDiscarded, // the real cause is AbortiveClose, which is an alternative: both have the same packet
            Calls = "ECONNRESET EPIPE EPIPE",
        },
        Case("keepalive_requests 3", "one request after another") with
        {
            Probe = TeardownProbeKind.KeepAliveRace,
            Payload = ServerCase.WholeRequest,
            Seconds = 0,
            Timers = "",
            Requests = 3,
            Cause = Cause.NormalClose,
        },
    ];

    public static void Start(RealServer server, int[] ports)
    {
        string certificate = server.WriteCertificate();
        string blocks = string.Concat(All.Select((c, i) => $$"""
              server {
                listen 127.0.0.1:{{ports[i]}}{{(c.UseTls ? " ssl" : "")}};
                {{(ServerCase.Addresses.Length > 1 ? $"listen [::1]:{ports[i]}{(c.UseTls ? " ssl" : "")};" : "")}}
                {{(c.UseTls ? $"ssl_certificate {certificate}; ssl_certificate_key {certificate};" : "")}}
                {{c.Setting}};
                location / { {{(c.Setting.Contains("return", StringComparison.Ordinal) || c.Setting.Contains("body_size", StringComparison.Ordinal) ? "root /nowhere;" : "return 200 ok;")}} }
              }

            """));
        string file = server.Write("nginx.conf", $$"""
            daemon off;
            worker_processes 1;
            pid {{server.Folder}}/nginx.pid;
            error_log stderr;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            {{blocks}}
            }
            """);
        server.Start(ports, ServerProgram.Nginx.Path, "-p", server.Folder, "-e", "stderr", "-c", file);
    }

    private static ServerCase Case(string setting, string client) => ServerCase.AfterTwoSeconds(ServerProgram.Nginx, setting, client);
}
