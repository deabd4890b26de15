using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the ids of running processes, in their order; the tooltip is the name.</summary>
public sealed class ProcessIdCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => Running().Select(process => (process.Id.ToString(CultureInfo.InvariantCulture), process.Name));

    /// <summary>Returns the running processes, those with the lowest ids first. A process that ends meanwhile is left out.</summary>
    internal static IReadOnlyList<(int Id, string Name)> Running()
    {
        List<(int Id, string Name)> found = [];
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    found.Add((process.Id, process.ProcessName));
                }
                catch (Exception e) when (e is InvalidOperationException or Win32Exception)
                {
                    // It has ended.
                }
            }
        }

        return [.. found.Where(process => process.Name.Length > 0).OrderBy(process => process.Id)];
    }
}
