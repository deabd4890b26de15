using System.Buffers.Binary;
using System.Text;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>
/// nginx, Redis and PostgreSQL behind a forwarding server, and the request of a client for each. They wait for a silent client for at least a minute,
/// so a close that a test observes is the forwarding server's.
/// </summary>
public sealed class UpstreamServers : IDisposable
{
    private readonly Dictionary<string, (RealServer Server, int Port)> _running = [];

    /// <summary>Returns the port of a server. Starts the server if it does not run yet.</summary>
    public int PortOf(string name)
    {
        lock (_running)
        {
            if (!_running.TryGetValue(name, out (RealServer Server, int Port) found))
                _running[name] = found = Start(name);
            return found.Port;
        }
    }

    /// <summary>The client's requests, one after another; the last one is repeated. The server answers each of them.</summary>
    public static byte[][] RequestsTo(string name) => name switch
    {
        "nginx" => ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()],
        "Redis" => [Encoding.ASCII.GetBytes($"*2\r\n$4\r\nPING\r\n$40\r\n{new string('x', 40)}\r\n")],
        _ => [Startup(), Query("select repeat('x', 100)")],
    };

    public void Dispose()
    {
        foreach ((RealServer server, _) in _running.Values)
            server.Dispose();
    }

    private static (RealServer Server, int Port) Start(string name)
    {
        RealServer server = RealServer.Prepare(name == "PostgreSQL" ? 2 : 15); // SIGINT: fast shutdown
        int[] ports = RealServer.FreePorts(1);
        switch (name)
        {
            case "nginx":
                string file = server.Write("nginx.conf", $$"""
                    daemon off;
                    worker_processes 1;
                    pid {{server.Folder}}/nginx.pid;
                    error_log stderr;
                    events { worker_connections 64; }
                    http {
                      access_log off;
                      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                      server { listen 127.0.0.1:{{ports[0]}}; {{(ServerCase.Addresses.Length > 1 ? $"listen [::1]:{ports[0]};" : "")}} location / { return 200 ok; } }
                    }
                    """);
                server.Start(ports, ServerProgram.Nginx.Path, "-p", server.Folder, "-e", "stderr", "-c", file);
                break;
            case "Redis":
                DaemonCases.StartRedis(server, ports[0], "timeout 0");
                break;
            default:
                DaemonCases.StartPostgres(server, ports[0]);
                break;
        }

        return (server, ports[0]);
    }

    /// <summary>The StartupMessage, version 3.0 (https://www.postgresql.org/docs/15/protocol-message-formats.html). initdb has made the role.</summary>
    private static byte[] Startup()
    {
        byte[] body = Encoding.ASCII.GetBytes("user\0postgres\0database\0postgres\0\0");
        byte[] message = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), 3 << 16);
        body.CopyTo(message, 8);
        return message;
    }

    private static byte[] Query(string sql)
    {
        byte[] message = [(byte)'Q', 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(sql), 0];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        return message;
    }
}
