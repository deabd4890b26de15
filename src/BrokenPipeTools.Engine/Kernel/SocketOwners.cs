using System.Globalization;

namespace BrokenPipeTools.Kernel;

/// <summary>Finds the processes that hold a socket, by the links in /proc/PID/fd. Only root can read the links of other users' processes.</summary>
internal sealed class SocketOwners
{
    private const string Prefix = "socket:[";

    private readonly Dictionary<uint, List<SocketOwner>> _owners = [];

    /// <summary>The number of processes whose sockets this process may not see.</summary>
    public int Hidden { get; private set; }

    /// <summary>Reads the sockets of all selected processes.</summary>
    /// <param name="isWanted">Returns whether a process is selected, by its id and name.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public static SocketOwners Read(Func<int, string, bool> isWanted, CancellationToken cancellation)
    {
        SocketOwners owners = new();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            cancellation.ThrowIfCancellationRequested();
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && NameOf(id) is { } name && isWanted(id, name))
                owners.Add(new SocketOwner(id, name), folder);
        }

        return owners;
    }

    /// <summary>Returns the processes that hold a socket, the lowest id first. Empty if no program holds it, or only programs that cannot be seen.</summary>
    public IReadOnlyList<SocketOwner> Of(uint inode) => _owners.GetValueOrDefault(inode) ?? [];

    private void Add(SocketOwner owner, string folder)
    {
        try
        {
            foreach (string link in Directory.EnumerateFileSystemEntries(folder + "/fd"))
            {
                if (new FileInfo(link).LinkTarget is { } target && target.StartsWith(Prefix, StringComparison.Ordinal)
                    && uint.TryParse(target.AsSpan(Prefix.Length, target.Length - Prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out uint inode))
                    Add(owner, inode);
            }
        }
        catch (UnauthorizedAccessException)
        {
            Hidden++;
        }
        catch (IOException)
        {
            // The process has ended.
        }
    }

    private void Add(SocketOwner owner, uint inode)
    {
        if (!_owners.TryGetValue(inode, out List<SocketOwner>? holders))
            _owners[inode] = holders = [];
        if (!holders.Contains(owner))
            holders.Add(owner);
        holders.Sort((one, other) => one.Id.CompareTo(other.Id));
    }

    /// <summary>Reads the name of a process. Returns null if the process has ended.</summary>
    private static string? NameOf(int id)
    {
        try
        {
            return File.ReadAllText("/proc/" + id.ToString(CultureInfo.InvariantCulture) + "/comm").TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A process that holds a socket.</summary>
/// <param name="Id">The id of the process.</param>
/// <param name="Name">The kernel's name of the process: at most 15 bytes.</param>
internal readonly record struct SocketOwner(int Id, string Name);
