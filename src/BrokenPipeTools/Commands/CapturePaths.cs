using System.Management.Automation;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>
/// Resolves the user's paths to file names. A path that leads to no file is reported and skipped, and the next path is resolved. A literal path may
/// name a missing file: opening it reports that.
/// </summary>
internal sealed class CapturePaths(SessionState session, Action<ErrorRecord> report, Action<string> warn, Action<string> tell)
{
    /// <summary>The name of the provider whose items are files.</summary>
    public const string FileSystem = "FileSystem";

    /// <summary>Returns the files for a path that may contain wildcards.</summary>
    public IReadOnlyList<string> Resolve(string path)
    {
        if (path == CaptureFile.StandardInput)
            return [path];
        if (!WildcardPattern.ContainsWildcardCharacters(path))
            return ResolveLiteral(InCurrentFolder(path) is null ? WildcardPattern.Unescape(path) : path); // completion writes the name a[1].pcap as a[1].pcap

        bool isPattern = NamePattern.IsValid(path);
        IReadOnlyList<string>? found = isPattern ? Guard(path, () => Match(path)) : [];
        if (found is null)
            return [];

        // As a pattern, cap[1].pcap matches cap1.pcap. If there is no such file, the user means the file with exactly this name.
        if (found.Count == 0)
            found = ResolveLiteral(path).Where(File.Exists).ToArray();
        if (found.Count == 0 && isPattern)
            warn($"{path}: no file matches");
        else if (found.Count == 0)
            report(ErrorRecords.PatternInvalid(path));
        return found.Where(IsNoDirectory).ToArray();
    }

    private string[]? Match(string pattern)
    {
        IReadOnlyList<string> matches = session.Path.GetResolvedProviderPathFromPSPath(pattern, out ProviderInfo provider);
        return IsFileSystem(pattern, provider) ? [.. matches, .. FindUndecoded(pattern)] : null;
    }

    /// <summary>Returns the file with exactly this name.</summary>
    public IReadOnlyList<string> ResolveLiteral(string path) => Guard(path, () =>
    {
        string file = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return IsFileSystem(path, provider) ? [file] : null;
    }) ?? [];

    /// <summary>
    /// Finds files whose names are not UTF-8. PowerShell does not find them, because .NET shows such a name with U+FFFD, and no file has that name.
    /// </summary>
    private IEnumerable<string> FindUndecoded(string path)
    {
        string pattern = session.Path.GetUnresolvedProviderPathFromPSPath(path);
        string? folder = Path.GetDirectoryName(pattern);
        if (!OperatingSystem.IsLinux() || !Directory.Exists(folder))
            return [];
        WildcardPattern names = WildcardPattern.Get(Path.GetFileName(pattern), WildcardOptions.IgnoreCase);
        return Directory.EnumerateFiles(folder).Where(file => file.Contains('\uFFFD', StringComparison.Ordinal) && !File.Exists(file) && names.IsMatch(Path.GetFileName(file)));
    }

    /// <summary>Resolves a path. Reports a path that cannot be resolved, and returns null for it.</summary>
    private IReadOnlyList<string>? Guard(string path, Func<IReadOnlyList<string>?> resolve)
    {
        try
        {
            // No file can have such a name. The file functions throw the same exception for it as for a mistake in this program.
            if (!path.Contains('\0', StringComparison.Ordinal))
                return resolve();
            report(new CaptureProblem(CaptureProblemId.CaptureNotFound, path, $"{path.Replace("\0", "␀", StringComparison.Ordinal)}: no such file").ToErrorRecord());
        }
        catch (System.Management.Automation.DriveNotFoundException) when (InCurrentFolder(path) is { } file)
        {
            return [file];
        }
        catch (SessionStateException e)
        {
            report(new CaptureProblem(CaptureProblemId.CaptureNotFound, path, $"{path}: {e.Message}").ToErrorRecord(e));
        }
        catch (ProviderInvocationException e)
        {
            report(new CaptureProblem(CaptureProblemId.CaptureReadFailed, path, $"{path}: {e.Message}").ToErrorRecord(e));
        }

        return null;
    }

    /// <summary>
    /// Returns the path in the current folder if PowerShell would treat the text before the first colon as a drive. Capturing programs write times,
    /// with colons, into file names.
    /// </summary>
    private string? InCurrentFolder(string path)
    {
        string file = Path.Combine(session.Path.CurrentFileSystemLocation.ProviderPath, path);
        return File.Exists(file) ? file : null;
    }

    private bool IsFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name == FileSystem)
            return true;
        report(ErrorRecords.NotFileSystemPath(path, provider.Name));
        return false;
    }

    private bool IsNoDirectory(string path)
    {
        if (!Directory.Exists(path))
            return true;
        tell($"{path}: a directory, skipped");
        return false;
    }
}
