using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>Every server that is installed, all played at once when the first result is asked for: they spend their time waiting.</summary>
public sealed class RealServers
{
    private readonly Lazy<Dictionary<ServerProgram, Task<Dictionary<ServerCase, TeardownTest[]>>>> _runs = new(() => ServerGroup.All
        .Where(group => group.Program.Obstacle is null)
        .ToDictionary(group => group.Program, group => Task.Factory.StartNew(group.PlayAsync, TaskCreationOptions.LongRunning).Unwrap()));

    /// <summary>A result per address.</summary>
    internal async Task<TeardownTest[]> ResultsAsync(ServerCase played) => (await _runs.Value[played.Server])[played];
}
