using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>Reads the raw pages of one CPU without waiting. It calls libc directly, because FileStream cannot open a file in non-blocking mode.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PagePipe : IDisposable
{
    private const int NonBlocking = 0x800; // O_NONBLOCK on x86-64, arm64 and riscv64; .NET supports no Linux with another value
    private const int CloseOnExec = 0x80000; // O_CLOEXEC

    private readonly SafeFileHandle _file;

    private PagePipe(SafeFileHandle file) => _file = file;

    /// <summary>Opens the pages of a CPU.</summary>
    /// <exception cref="TraceException">The file cannot be opened.</exception>
    public static PagePipe Open(string path)
    {
        SafeFileHandle file = new(Open(Encoding.UTF8.GetBytes(path + '\0'), NonBlocking | CloseOnExec), ownsHandle: true);
        return file.IsInvalid
            ? throw new TraceException(TraceProblemId.TraceFailed, $"trace: {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}")
            : new PagePipe(file);
    }

    /// <summary>Reads a page. Returns the number of its bytes; 0 if there are no further events now.</summary>
    public int Read(byte[] page) => Math.Max(0, (int)Read((int)_file.DangerousGetHandle(), page, page.Length));

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(int descriptor, byte[] buffer, nint count);
}
