using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// A network namespace (network_namespaces(7)): one that this class makes, or one that a path refers to. A namespace that is made here has no name,
/// and exists as long as its descriptor and its sockets. If the process is killed, the kernel removes it with its links and rules. A name, as ip
/// netns add makes it, would remain.
/// <para>
/// No thread stays in the namespace. A thread enters it for one system call and leaves it again. If the runtime started a thread meanwhile (for its
/// pool or its compiler), that thread would start in the namespace and stay there.
/// </para>
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET, include/uapi/linux/sched.h
    private const int CloseOnExec = 0x80000; // O_CLOEXEC and SOCK_CLOEXEC
    private const int InvalidArgument = 22; // EINVAL, as setns(2) returns it
    private const int ReadOnly = 0; // O_RDONLY
    private const MethodImplOptions AtOnce = MethodImplOptions.AggressiveOptimization; // compiled once and fully, before it is called

    private static readonly byte[] OwnNamespace = PathBytes("/proc/thread-self/ns/net");

    private readonly SafeFileHandle _file;

    private NetworkNamespace(SafeFileHandle file) => _file = file;

    /// <summary>The path at which other processes can open the namespace as long as it exists.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{Descriptor}");

    /// <summary>The kernel's name for the namespace, such as net:[4026531840].</summary>
    public string Identity => IdentityOf(Path) ?? "";

    private int Descriptor => (int)_file.DangerousGetHandle();

    /// <summary>Makes a namespace that contains only a loopback interface, which is down.</summary>
    /// <exception cref="NetworkNamespaceException">The kernel does not allow it.</exception>
    public static NetworkNamespace Create()
    {
        Marshal.PrelinkAll(typeof(NetworkNamespace)); // so that no native function has to be looked up while a thread is in the namespace
        return new NetworkNamespace(new SafeFileHandle(OnOwnThread("a network namespace cannot be made", Make), ownsHandle: true));
    }

    /// <summary>Opens the namespace of a file in /run/netns, or of /proc/PID/ns/net. Entering it needs CAP_SYS_ADMIN.</summary>
    /// <exception cref="NetworkNamespaceException">The file cannot be opened.</exception>
    public static NetworkNamespace Open(string path)
    {
        Marshal.PrelinkAll(typeof(NetworkNamespace));
        int descriptor = Open(PathBytes(path), ReadOnly | CloseOnExec);
        if (descriptor < 0)
            throw NetworkNamespaceException.Of("the network namespace cannot be opened", Marshal.GetLastPInvokeError());
        NetworkNamespace opened = new(new SafeFileHandle(descriptor, ownsHandle: true));
        if (opened.Identity.Length == 0 || opened.Identity.StartsWith("net:[", StringComparison.Ordinal)) // the name of the namespace file system; empty without /proc
            return opened;
        opened.Dispose();
        throw NetworkNamespaceException.Of("not a network namespace", InvalidArgument);
    }

    /// <summary>Opens the namespace that a user specifies. Returns null if the user specifies none; this process's own namespace needs no privilege.</summary>
    /// <param name="asked">The id of a process in the namespace, or a path such as /run/netns/blue; null or empty for this process's own.</param>
    /// <exception cref="NetworkNamespaceException">The namespace cannot be opened.</exception>
    public static NetworkNamespace? OpenUnlessOwn(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
            return null;
        string path = PathOf(asked);
        return IdentityOf(path) is { } identity && identity == IdentityOf("/proc/self/ns/net") ? null : Open(path);
    }

    /// <summary>Returns the kernel's name for the namespace of a process, such as net:[4026531840]; null if the process has ended or cannot be read.</summary>
    public static string? IdentityOf(int process) => IdentityOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/net"));

    /// <summary>Opens a socket in the namespace. Any thread may use it.</summary>
    /// <exception cref="NetworkNamespaceException">The kernel does not allow it.</exception>
    public Socket OpenSocket(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        int domain = family == AddressFamily.InterNetworkV6 ? 10 : 2; // AF_INET6, AF_INET
        int kind = (int)type | CloseOnExec; // Linux has the same numbers as .NET
        int descriptor = Inside("a socket cannot be made", [MethodImpl(AtOnce)] () => MakeSocket(domain, kind, (int)protocol));
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    /// <summary>Opens a socket of a family that .NET does not support; the caller closes it.</summary>
    /// <exception cref="NetworkNamespaceException">The kernel does not allow it.</exception>
    public int OpenDescriptor(int domain, int kind, int protocol) => Inside("a socket cannot be made", [MethodImpl(AtOnce)] () => MakeSocket(domain, kind, protocol));

    /// <summary>Opens a file of the kernel whose content depends on the namespace, such as one under /proc/sys/net.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="flags">The flags of open(2); O_CLOEXEC is added.</param>
    /// <exception cref="NetworkNamespaceException">The file cannot be opened.</exception>
    public SafeFileHandle OpenFile(string path, int flags)
    {
        byte[] name = PathBytes(path);
        return new SafeFileHandle(Inside($"{path} cannot be opened", [MethodImpl(AtOnce)] () => Open(name, flags | CloseOnExec)), ownsHandle: true);
    }

    /// <summary>
    /// Runs an action inside the namespace, on a separate thread. The action must not throw. It must have been run once outside before, because
    /// compiling it inside may start a thread of the runtime there.
    /// </summary>
    /// <exception cref="NetworkNamespaceException">The namespace cannot be entered.</exception>
    public void Inside(Action action) => Inside("the network namespace cannot be entered", [MethodImpl(AtOnce)] () =>
    {
        action();
        return 0;
    });

    public void Dispose() => _file.Dispose();

    private static string PathOf(string asked) => asked.Length <= 10 && asked.All(char.IsAsciiDigit) ? $"/proc/{asked}/ns/net" : asked;

    private static string? IdentityOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] PathBytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    /// <summary>Runs a call on a separate thread. If that thread cannot return to its own namespace, it ends, and no other code runs on it.</summary>
    private static (int Result, int Error) OnOwnThread(Func<int, int> visit)
    {
        (int Result, int Error) outcome = default;
        Thread thread = new(() =>
        {
            using SafeFileHandle home = new(Open(OwnNamespace, CloseOnExec), ownsHandle: true);
            int result = visit((int)home.DangerousGetHandle());
            outcome = (result, Marshal.GetLastPInvokeError());
        });
        thread.Start();
        thread.Join();
        return outcome;
    }

    private static int OnOwnThread(string otherwise, Func<int, int> visit)
    {
        (int result, int error) = OnOwnThread(visit);
        return result >= 0 ? result : throw NetworkNamespaceException.Of(otherwise, error);
    }

    private int Inside(string otherwise, Func<int> call)
    {
        int descriptor = Descriptor;
        return OnOwnThread(otherwise, home => Visit(descriptor, home, call));
    }

    [MethodImpl(AtOnce)]
    private static int Visit(int there, int home, Func<int> call)
    {
        if (Enter(there, NewNetwork) != 0)
            return -1;
        int result = call();
        _ = Return(home, NewNetwork);
        return result;
    }

    [MethodImpl(AtOnce)]
    private static int Make(int home)
    {
        if (Unshare(NewNetwork) != 0)
            return -1;
        int made = Open(OwnNamespace, CloseOnExec);
        _ = Return(home, NewNetwork);
        return made;
    }

    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static extern int Unshare(int flags);

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int Enter(int descriptor, int kind);

    /// <summary>Calls setns(2) and ignores its error, so that the error of the call before it is reported.</summary>
    [DllImport("libc", EntryPoint = "setns")]
    private static extern int Return(int descriptor, int kind);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static extern int MakeSocket(int domain, int type, int protocol);
}
