using System.Text.RegularExpressions;
using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>Servers without HTTP: each closes with a FIN if a client sends nothing.</summary>
internal static partial class DaemonCases
{
    /// <summary>
    /// Redis counts whole seconds, waits for more than the setting, and checks ten times a second, so it is up to 1.1 s late (redis.conf, timeout;
    /// clientsCronHandleTimeout in its timeout.c).
    /// </summary>
    public static ServerCase Redis { get; } = ServerCase.AfterTwoSeconds(ServerProgram.Redis, "timeout 2", "after PING") with { Payload = "PING\r\n", Late = 1.1, WholeSeconds = true, Timers = null };

    /// <summary>
    /// PostgreSQL waits this long for the startup packet and the whole authentication
    /// (https://www.postgresql.org/docs/15/runtime-config-connection.html).
    /// </summary>
    public static ServerCase Postgres { get; } = ServerCase.AfterTwoSeconds(ServerProgram.Postgres, "authentication_timeout 2s", "sends nothing");

    /// <summary>
    /// If a session gets no query for this time, it is ended with a FATAL message
    /// (https://www.postgresql.org/docs/15/runtime-config-client.html).
    /// </summary>
    public static ServerCase PostgresSession { get; } = ServerCase.AfterTwoSeconds(ServerProgram.Postgres, "idle_session_timeout 2s", "after logging in") with { Payload = StartupMessage };

    /// <summary>Protocol 3.0, user and database "postgres" (https://www.postgresql.org/docs/15/protocol-message-formats.html, StartupMessage).</summary>
    private const string StartupMessage = "\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0";

    /// <summary>sshd sends its version and limits the time to log in (man 5 sshd_config).</summary>
    public static ServerCase Sshd { get; } = ServerCase.AfterTwoSeconds(ServerProgram.Sshd, "LoginGraceTime 2", "sends nothing, gets the version") with { Late = SshdJitter };

    /// <summary>From 9.8 on sshd adds up to four random seconds (its release notes), so the time cannot be predicted exactly.</summary>
    private static double SshdJitter => SshdVersion >= new Version(9, 8) ? 4 : 0;

    private static Version SshdVersion
    {
        get
        {
            if (ServerProgram.Sshd.Obstacle is not null)
                return new Version(0, 0);
            ProgramResult result = ChildProgram.Run(ServerProgram.Sshd.Path, "-V"); // versions before 9.3 have no -V; their error message contains the version
            string text = result.Errors + result.Output;
            Match version = OpenSsh().Match(text);
            return version.Success ? Version.Parse(version.Groups[1].Value) : throw new InvalidOperationException($"what version of sshd is this? {text}");
        }
    }

    public static void StartRedis(RealServer server, int[] ports) => StartRedis(server, ports[0], Redis.Setting);

    public static void StartRedis(RealServer server, int port, string setting)
    {
        string file = server.Write("redis.conf", $"""
            port {port}
            bind {string.Join(' ', ServerCase.Addresses.AsEnumerable())}
            dir {server.Folder}
            {setting}
            save ""
            """);
        server.Start([port], ServerProgram.Redis.Path, file);
    }

    public static void StartPostgres(RealServer server, int[] ports)
    {
        ports[1] = ports[0]; // both settings apply to the same server
        StartPostgres(server, ports[0], Postgres.Setting, PostgresSession.Setting);
    }

    public static void StartPostgres(RealServer server, int port, params string[] settings)
    {
        string data = Path.Combine(server.Folder, "data");
        server.Run(ServerProgram.Find("initdb")!, "--pgdata", data, "--username=postgres", "--auth=trust", "--no-sync", "--no-locale");
        string[] words = [.. settings.SelectMany(setting => new[] { "-c", setting.Replace(' ', '=') })];
        server.Start([port], [ServerProgram.Postgres.Path, "-D", data, "-p", $"{port}", "-k", "", "-c", $"listen_addresses={string.Join(',', ServerCase.Addresses.AsEnumerable())}", "-c", "fsync=off", .. words]);
    }

    public static void StartSshd(RealServer server, int[] ports)
    {
        string key = Path.Combine(server.Folder, "hostkey");
        server.Run(ServerProgram.Find("ssh-keygen")!, "-q", "-t", "ed25519", "-N", "", "-f", key);
        string file = server.Write("sshd_config", $"""
            Port {ports[0]}
            {string.Join('\n', ServerCase.Addresses.Select(address => $"ListenAddress {address}"))}
            HostKey {key}
            PidFile none
            UsePAM no
            {Sshd.Setting}

            """);
        server.Start(ports, ServerProgram.Sshd.Path, "-D", "-e", "-f", file);
    }

    [GeneratedRegex(@"OpenSSH_(\d+\.\d+)")]
    private static partial Regex OpenSsh();
}
