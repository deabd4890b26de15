using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Finds a file whose name is not UTF-8. On Linux a name is any sequence of bytes; .NET decodes it with U+FFFD for the bytes that are not UTF-8, and
/// cannot open a file by such a name. This class finds the file again if it is the only one in its folder whose name decodes to that.
/// </summary>
internal static class UndecodedName
{
    private const char Replacement = '\uFFFD';
    private const int OpenForReading = 0x80000; // O_RDONLY | O_CLOEXEC, fcntl.h of Linux
    private const int NameAt = 19; // of d_name in struct dirent, dirent.h of 64-bit Linux (glibc and musl)
    private const int Interrupted = 4; // EINTR
    private const int AccessDenied = 13; // EACCES

    /// <summary>Returns the name as bytes, with a zero at the end; null if the path is not such a name, or there is no such file.</summary>
    /// <exception cref="IOException">Several files have this name.</exception>
    public static byte[]? Find(string path)
    {
        if (!path.Contains(Replacement, StringComparison.Ordinal) || !OperatingSystem.IsLinux() || !Environment.Is64BitProcess || Path.Exists(path))
            return null;
        List<byte> found = [.. path.StartsWith('/') ? "/"u8 : "./"u8];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            byte[][] names = part.Contains(Replacement, StringComparison.Ordinal) ? [.. List([.. found, 0]).Where(name => Decode(name) == Collapse(part))] : [Encoding.UTF8.GetBytes(part)];
            if (names.Length == 0)
                return null;
            if (names.Length > 1)
                throw new IOException($"{names.Length} files have this name, which is not UTF-8; rename them, or redirect one to standard input (-)");
            found.AddRange([.. names[0], (byte)'/']);
        }

        found[^1] = 0;
        return [.. found];
    }

    /// <summary>Opens a name that <see cref="Find"/> returned.</summary>
    public static FileStream Open(byte[] name)
    {
        int descriptor;
        do
            descriptor = Open(name, OpenForReading);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (descriptor >= 0)
            return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        string message = Marshal.GetLastPInvokeErrorMessage();
        throw Marshal.GetLastPInvokeError() == AccessDenied ? new UnauthorizedAccessException(message) : new IOException(message);
    }

    private static string Decode(byte[] name) => Collapse(Encoding.UTF8.GetString(name));

    /// <summary>Replaces several consecutive U+FFFD by one, because decoders differ in their number.</summary>
    private static string Collapse(string name) => string.Concat(name.Where((c, i) => c != Replacement || i == 0 || name[i - 1] != Replacement));

    private static List<byte[]> List(byte[] folder)
    {
        List<byte[]> names = [];
        nint directory = OpenDirectory(folder);
        if (directory == 0)
            return names;
        for (nint entry = ReadDirectory(directory); entry != 0; entry = ReadDirectory(directory))
        {
            int length = 0;
            while (Marshal.ReadByte(entry, NameAt + length) != 0)
                length++;
            byte[] name = new byte[length];
            Marshal.Copy(entry + NameAt, name, 0, length);
            names.Add(name);
        }

        _ = CloseDirectory(directory);
        return names;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "opendir")]
    private static extern nint OpenDirectory(byte[] path);

    [DllImport("libc", EntryPoint = "readdir")]
    private static extern nint ReadDirectory(nint directory);

    [DllImport("libc", EntryPoint = "closedir")]
    private static extern int CloseDirectory(nint directory);
}
