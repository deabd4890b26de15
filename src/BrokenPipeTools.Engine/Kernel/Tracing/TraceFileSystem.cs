using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>
/// The kernel's trace file system (tracefs): an existing mount, or a private mount that only this process sees and that ends with it (fsmount(2),
/// Linux 5.2). It is mounted without options, because options would change every other mount of it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TraceFileSystem : IDisposable
{
    private const int OpenNumber = 430; // fsopen; numbers above 423 are the same on every architecture
    private const int ConfigureNumber = 431; // fsconfig
    private const int MountNumber = 432; // fsmount
    private const int CloseOnExec = 1; // FSOPEN_CLOEXEC and FSMOUNT_CLOEXEC
    private const int Create = 6; // FSCONFIG_CMD_CREATE

    private static readonly string[] UsualPlaces = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    private readonly SafeFileHandle? _mount;

    private TraceFileSystem(string root, SafeFileHandle? mount)
    {
        Root = root;
        _mount = mount;
    }

    /// <summary>The path of the folder that contains <c>events</c> and <c>instances</c>.</summary>
    public string Root { get; }

    /// <summary>Finds the mounted file system, or mounts it.</summary>
    /// <exception cref="TraceException">This process may not use tracefs, or the kernel does not have it.</exception>
    public static TraceFileSystem Open()
    {
        if (!File.ReadLines("/proc/filesystems").Any(line => line.EndsWith("\ttracefs", StringComparison.Ordinal)))
            throw new TraceException(TraceProblemId.TraceUnsupported, "trace: this kernel was built without tracefs");
        if (UsualPlaces.FirstOrDefault(IsUsable) is { } usual)
            return new TraceFileSystem(usual, null);
        if (Environment.IsPrivilegedProcess && MountPrivately() is { } mounted)
            return mounted;
        throw new TraceException(TraceProblemId.TraceAccessDenied, Environment.IsPrivilegedProcess
            ? "trace: tracefs is not visible here and cannot be mounted; run this command outside the container, or in a container with --privileged"
            : "trace: needs root; run this command with sudo");
    }

    public void Dispose() => _mount?.Dispose();

    private static bool IsUsable(string place) => Directory.Exists(Path.Combine(place, "instances")) && CanList(place);

    private static bool CanList(string place)
    {
        try
        {
            return Directory.EnumerateDirectories(Path.Combine(place, "instances")).Any() || Directory.Exists(Path.Combine(place, "events", "sock"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static TraceFileSystem? MountPrivately()
    {
        using SafeFileHandle context = new(OpenContext(OpenNumber, "tracefs\0"u8.ToArray(), CloseOnExec), ownsHandle: true);
        if (context.IsInvalid || SystemCall(ConfigureNumber, context.DangerousGetHandle(), Create, 0, 0, 0) < 0)
            return null;
        SafeFileHandle mount = new(SystemCall(MountNumber, context.DangerousGetHandle(), CloseOnExec, 0, 0, 0), ownsHandle: true);
        string root = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{mount.DangerousGetHandle()}");
        if (!mount.IsInvalid && IsUsable(root))
            return new TraceFileSystem(root, mount);
        mount.Dispose();
        return null;
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint OpenContext(nint number, byte[] name, nint flags);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e);
}
