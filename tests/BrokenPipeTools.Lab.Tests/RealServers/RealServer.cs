using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>A server that runs as a child process, in the foreground, in its own folder, on loopback ports. Dispose ends it and removes the folder.</summary>
internal sealed class RealServer : IDisposable
{
    /// <summary>Seconds after which the server ends by itself, even if the test process was killed.</summary>
    private const string LifetimeSeconds = "120";

    /// <summary>A time that is longer than any of the servers needs to start or end on a busy machine.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Ports that are in use by servers that start at the same time: a server that has not bound its ports yet leaves them free for the kernel.
    /// </summary>
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    private readonly StringBuilder _output = new();
    private ChildProgram? _process;

    private RealServer(string folder) => Folder = folder;

    /// <summary>The folder of the server's configuration, data and logs.</summary>
    public string Folder { get; }

    /// <summary>The signal that makes the server close everything and end immediately.</summary>
    public int StopSignal { get; init; } = 15; // SIGTERM

    /// <summary>The output and the logs of the server.</summary>
    private string Output
    {
        get
        {
            lock (_output)
                return _output + string.Concat(Directory.GetFiles(Folder, "*.log").Select(File.ReadAllText));
        }
    }

    /// <summary>Makes a server with an empty folder; it is not started yet.</summary>
    public static RealServer Prepare(int stopSignal = 15) => new(OrdinaryUser.MakeFolder().FullName) { StopSignal = stopSignal };

    /// <summary>Unused ports on both loopback addresses, below the range of ephemeral ports.</summary>
    public static int[] FreePorts(int count) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(_ => Random.Shared.Next(20_000, 32_000)).Where(port => IsFree(port) && Given.TryAdd(port, true)).Take(count)];

    /// <summary>Writes a file into the folder. Every user may read it.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        OrdinaryUser.Show(path);
        return path;
    }

    /// <summary>Writes a certificate for localhost and its key into one file of the folder.</summary>
    public string WriteCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Write("localhost.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    /// <summary>Runs a program that prepares something, as the same user, and waits until it ends.</summary>
    public void Run(params string[] command)
    {
        using ChildProgram process = Launch(command);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} did not succeed:\n{Output}");
    }

    /// <summary>Starts the server and waits until it listens on all its ports.</summary>
    /// <exception cref="InvalidOperationException">The server ended, or did not listen in time. The message contains its output.</exception>
    public void Start(IReadOnlyCollection<int> ports, params string[] command)
    {
        _process = Launch(command);
        for (long begin = Stopwatch.GetTimestamp(); !IsListening(ports);)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begin) > MaxWait)
                throw new InvalidOperationException($"{string.Join(' ', command)} does not listen on {string.Join(", ", ports)}:\n{Output}");
            Thread.Sleep(100); // the pause between two checks of the kernel's table; a connect would count as the server's first client
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Signal(StopSignal);
            _process.WaitForExit((int)MaxWait.TotalMilliseconds);
        }

        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static bool IsListening(IReadOnlyCollection<int> ports)
    {
        IPEndPoint[] listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        return ports.All(port => ServerCase.Addresses.All(address => listeners.Contains(new IPEndPoint(address, port))));
    }

    private static bool IsFree(int port)
    {
        try
        {
            foreach (IPAddress address in ServerCase.Addresses)
            {
                using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, port));
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>timeout(1) has its own process group, and forwards the signals that it gets to the whole group.</summary>
    private ChildProgram Launch(string[] command)
    {
        ChildProgram process = ChildProgram.Start(new ProcessStartInfo("timeout", ["--kill-after=5", LifetimeSeconds, .. OrdinaryUser.Command, .. command]) { WorkingDirectory = Folder });
        process.StandardInput.Close();
        process.OnLine(Add);
        return process;
    }

    private void Add(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
