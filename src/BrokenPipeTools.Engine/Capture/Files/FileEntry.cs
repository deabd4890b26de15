using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// An entry of a folder: its kind and its identity. A symbolic link is a separate entry. Two entries of one path are equal only if the file was not
/// replaced meanwhile. The birth time is part of the identity, because inode numbers are soon reused.
/// </summary>
internal readonly record struct FileEntry(FileKind Kind, ulong Device, ulong Inode, long Seconds, uint Nanoseconds)
{
    // Constants of include/uapi/linux/stat.h and fcntl.h. They are the same on every architecture.
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint BasicAndBirth = 0xFFF; // STATX_BASIC_STATS | STATX_BTIME
    private const int StructSize = 256;
    private const int Mode = 28;
    private const int InodeNumber = 32;
    private const int BirthSeconds = 80;
    private const int BirthNanoseconds = 88;
    private const int DeviceMajor = 136;
    private const int DeviceMinor = 140;
    private const int TypeMask = 0xF000;

    /// <summary>Reads the entry of a path. Returns null if there is none, or if it cannot be read.</summary>
    public static FileEntry? Of(string path) => Of(path, NoFollow);

    /// <summary>Returns the entry that a path's symbolic links lead to.</summary>
    public static FileEntry? OfTarget(string path) => Of(path, 0);

    private static FileEntry? Of(string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
            return Portable(path);
        try
        {
            byte[] status = new byte[StructSize];
            return Statx(CurrentFolder, path, flags, BasicAndBirth, status) == 0 ? Read(status) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return Portable(path); // the C library is older than 2018
        }
    }

    private static FileEntry Read(byte[] status) => new(
        (BitConverter.ToUInt16(status, Mode) & TypeMask) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.SymbolicLink,
            0xC000 => FileKind.Socket,
            _ => FileKind.Other,
        },
        ((ulong)BitConverter.ToUInt32(status, DeviceMajor) << 32) | BitConverter.ToUInt32(status, DeviceMinor),
        BitConverter.ToUInt64(status, InodeNumber),
        BitConverter.ToInt64(status, BirthSeconds), // 0 if the file system stores no birth time
        BitConverter.ToUInt32(status, BirthNanoseconds));

    /// <summary>
    /// Reads an entry on a system without statx(2). It has no inode numbers, so the birth time is the identity, and a socket, a device or a FIFO
    /// looks like a regular file.
    /// </summary>
    private static FileEntry? Portable(string path)
    {
        try
        {
            FileAttributes attributes = File.GetAttributes(path);
            FileKind kind = new FileInfo(path).LinkTarget is not null ? FileKind.SymbolicLink
                : attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
                : FileKind.Regular;
            return new FileEntry(kind, 0, 0, File.GetCreationTimeUtc(path).Ticks, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);
}
