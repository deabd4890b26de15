using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>
/// Names the setting with which a protocol itself keeps an idle connection alive. Its messages cross a proxy, which ends TCP keepalive probes; and a
/// program sets it without a change of the system.
/// </summary>
internal static class OwnKeepAlive
{
    private const int Grpc = 50051;

    /// <summary>Returns the sentence; empty if neither the payload nor the server's port names such a protocol.</summary>
    public static string Of(CloseFacts facts) => ByPayload(facts) ?? facts.ServerPort switch
    {
        22 => " For ssh: ServerAliveInterval (ssh_config) or ClientAliveInterval (sshd_config).",
        Grpc => Http2,
        1433 or 1521 or 3306 or 5432 or 27017 => " For a pool of database connections: let it send a query on idle connections, test each before use, or set its maximum idle time below that time-out.",
        6379 => " For Redis: PING on idle connections, or tcp-keepalive (redis.conf) below that time-out.",
        1883 or 8883 => " For MQTT: the client's keep-alive interval (PINGREQ).",
        5671 or 5672 => " For AMQP: the heartbeat of the connection.",
        _ => "",
    };

    private static string Http2 => " For HTTP/2 and gRPC: PING at intervals (gRPC: the client's keepalive time, which the server must permit).";

    private static string? ByPayload(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            CloseReason stated = facts.Connection.ReasonOf(end).Reason;
            if (stated.Kind == ReasonKind.Http2GoAway)
                return Http2;
            if (stated is { Kind: ReasonKind.Http, Phrase: ReasonPhrase.WebSocket })
                return " For a WebSocket: Ping frames at intervals (RFC 6455, section 5.5.2).";
        }

        return null;
    }
}
