using System.Globalization;
using System.Text.RegularExpressions;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.RealServers;

/// <summary>The table of real servers in tests/README.md has the rows that <see cref="RealServerTests"/> runs; its times are examples that would pass there.</summary>
public sealed partial class ServerTableTests
{
    [Fact]
    public void The_readme_lists_every_case_with_a_valid_time()
    {
        string[] names = [.. ServerGroup.All.Select(group => group.Program.Name)];
        string[] rows = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "tests", "README.md")).Where(line => names.Any(name => line.StartsWith($"| {name} |", StringComparison.Ordinal)))];
        double[] measured = [.. rows.Select(row => Measured().Match(row)).Where(m => m.Success).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        string expected = string.Join('\n', ServerGroup.AllCases.Select((c, i) => c.Row(i < measured.Length ? measured[i] : c.Seconds)));

        Assert.True(expected == string.Join('\n', rows), "the table in tests/README.md should be, each with its time:\n" + expected);
        Assert.All(ServerGroup.AllCases.Zip(measured), pair =>
            Assert.InRange(TimeSpan.FromSeconds(pair.Second), pair.First.Bounds.Earliest, pair.First.Bounds.Latest));
    }

    /// <summary>The only time with two decimals.</summary>
    [GeneratedRegex(@" (\d+\.\d\d) s \|")]
    private static partial Regex Measured();
}
