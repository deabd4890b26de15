using System.Management.Automation;
using BrokenPipeTools.Commands;
using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Reading;

/// <summary>The table of timers that a path of the session leads to.</summary>
internal static class TimerTable
{
    /// <summary>The site's own timers and the built-in ones.</summary>
    /// <exception cref="TimerFileException">There is no such table.</exception>
    public static KnownTimers Read(SessionState session, string path)
    {
        try
        {
            string file = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == CapturePaths.FileSystem ? KnownTimers.Read(file) : throw new TimerFileException(path, $"a path of the {provider.Name} provider; a table of timers is a file");
        }
        catch (Exception e) when (e is SessionStateException or ProviderInvocationException)
        {
            throw new TimerFileException(path, e.Message, e);
        }
    }
}
