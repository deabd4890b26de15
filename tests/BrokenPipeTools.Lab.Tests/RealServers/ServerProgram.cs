using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>A server of the distribution: its name, and the path of its program.</summary>
internal sealed class ServerProgram
{
    /// <summary>
    /// The folders of programs for administrators, which are not in an ordinary user's PATH, and of PostgreSQL's programs, which are in no PATH.
    /// </summary>
    private static readonly string[] Folders = OperatingSystem.IsLinux()
        ? [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/usr/local/sbin", .. Versions("/usr/lib/postgresql")]
        : [];

    private ServerProgram(string name, string package, params string[] commands)
    {
        Name = name;
        string?[] found = [.. commands.Select(Find)];
        string[] missing = [.. commands.Where((_, i) => found[i] is null)];
        Obstacle = !OperatingSystem.IsLinux() ? "the real servers are those of a Linux distribution"
            : missing.Length > 0 ? $"{name} IS NOT INSTALLED: no {string.Join(", ", missing)} here (Debian: apt-get install {package})"
            : OrdinaryUser.Obstacle;
        Path = found[0] ?? commands[0];
    }

    public static ServerProgram Nginx { get; } = new("nginx", "nginx", "nginx");

    public static ServerProgram Apache { get; } = new("Apache httpd", "apache2-bin", "apache2");

    public static ServerProgram HAProxy { get; } = new("HAProxy", "haproxy", "haproxy");

    public static ServerProgram Redis { get; } = new("Redis", "redis-server", "redis-server");

    public static ServerProgram Postgres { get; } = new("PostgreSQL", "postgresql", "postgres", "initdb");

    public static ServerProgram Sshd { get; } = new("OpenSSH", "openssh-server", "sshd", "ssh-keygen");

    public string Name { get; }

    /// <summary>The path of the program. (sshd must be started by its path.)</summary>
    public string Path { get; }

    /// <summary>The reason why the program cannot be run on this machine; null if it can.</summary>
    public string? Obstacle { get; }

    /// <summary>Returns the path of a command; null if it is not installed.</summary>
    public static string? Find(string command) => Folders.Where(folder => folder.Length > 0).Select(folder => System.IO.Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    public override string ToString() => Name;

    private static string[] Versions(string root) => Directory.Exists(root) ? [.. Directory.GetDirectories(root).OrderDescending().Select(version => System.IO.Path.Combine(version, "bin"))] : [];
}

/// <summary>Skipped, with the name of the missing program, if a server is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ServerTheoryAttribute : TheoryAttribute
{
    public ServerTheoryAttribute(string program) =>
        Skip = ((ServerProgram)typeof(ServerProgram).GetProperty(program)!.GetValue(null)!).Obstacle;
}
