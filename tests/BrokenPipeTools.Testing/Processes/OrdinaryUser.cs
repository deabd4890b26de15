namespace BrokenPipeTools.Testing.Processes;

/// <summary>
/// The user that runs the servers: the current user, or <c>nobody</c> if the current user is root. PostgreSQL does not run as root, and no server needs
/// root.
/// </summary>
internal static class OrdinaryUser
{
    /// <summary>The words to put before a server's own command.</summary>
    public static IReadOnlyList<string> Command { get; } = Environment.IsPrivilegedProcess && OperatingSystem.IsLinux()
        ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
        : [];

    /// <summary>
    /// The reason why the user <c>nobody</c> cannot run programs in the temporary folder; null if it can. Root of a user namespace may not become
    /// another user, and a temporary folder of root is not accessible for others.
    /// </summary>
    public static string? Obstacle { get; } = Command.Count == 0 ? null : Try();

    /// <summary>A folder that this user may write to.</summary>
    public static DirectoryInfo MakeFolder()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("brokenpipe-server-");
        if (OperatingSystem.IsLinux() && Command.Count > 0)
            folder.UnixFileMode = (UnixFileMode)0b111_111_111;
        return folder;
    }

    /// <summary>Lets this user read a file, whatever the umask is.</summary>
    public static void Show(string path)
    {
        if (OperatingSystem.IsLinux() && Command.Count > 0)
            File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
    }

    private static string? Try()
    {
        DirectoryInfo folder = MakeFolder();
        try
        {
            ProgramResult result = ChildProgram.Run(Command[0], [.. Command.Skip(1), "test", "-w", folder.FullName]);
            string complaint = result.Errors.Trim();
            return result.ExitCode == 0 ? null
                : $"ROOT CANNOT RUN THE SERVERS AS NOBODY in {folder.Parent}: {(complaint.Length > 0 ? complaint : "nobody may not write there")}";
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"ROOT CANNOT RUN THE SERVERS AS NOBODY: {Command[0]} (util-linux): {error.Message}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
