using System.Management.Automation;
using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Reading;

/// <summary>Reads the table of timers for a path of the session.</summary>
internal static class TimerTable
{
    /// <summary>Returns the site's own timers and the built-in ones.</summary>
    /// <exception cref="TimerFileException">The file cannot be read, or is not a table of timers.</exception>
    public static KnownTimers Read(SessionState session, string path) =>
        KnownTimers.Read(SessionFile.Resolve(session, path, "a table of timers", (reason, cause) => new TimerFileException(path, reason, cause)));
}
