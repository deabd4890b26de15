using System.Management.Automation;
using BrokenPipeTools.Diagnosis.Timers;

namespace BrokenPipeTools.Reading;

/// <summary>The table of timers that a path of the session leads to.</summary>
internal static class TimerTable
{
    /// <summary>The site's own timers and the built-in ones.</summary>
    /// <exception cref="TimerFileException">There is no such table.</exception>
    public static KnownTimers Read(SessionState session, string path) =>
        KnownTimers.Read(SessionFile.Resolve(session, path, "a table of timers", (reason, cause) => new TimerFileException(path, reason, cause)));
}
