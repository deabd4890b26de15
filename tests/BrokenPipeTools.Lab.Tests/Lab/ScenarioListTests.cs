using System.Text.RegularExpressions;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>The catalog from a user's point of view: the list, the help topic, a folder that cannot be written.</summary>
public sealed class ScenarioListTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-lab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Names_fit_the_tables_and_every_scenario_has_a_summary_and_an_effect() => Assert.All(ScenarioCatalog.All.Select(ScenarioInfo.Of), info =>
    {
        Assert.InRange(info.Name.Length, 1, 30);
        Assert.Matches(@"^[A-Z].*\.$", info.Summary);
        Assert.Matches("^(open|make) ", info.Effect);
        Assert.Equal(info.Missing is null, info.CanRun);
        Assert.Equal(info.Name, info.ToString());
    });

    [Fact]
    public void Names_are_unique() => Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.Select(s => s.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void The_topic_on_the_lab_lists_them_all()
    {
        string topic = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "en-US", "about_BrokenPipeTools_Lab.help.txt")).ReplaceLineEndings("\n");
        string section = topic.Split("\nSCENARIOS\n")[1].Split("\nSEE ALSO\n")[0];
        string[] entries = [.. Regex.Matches(section, @"^ {4}(\w+)\n((?: {8}.*\n)+)", RegexOptions.Multiline)
            .Select(m => $"{m.Groups[1].Value}: {Regex.Replace(m.Groups[2].Value, @"\s+", " ").Trim()}")];
        string[] expected = [.. ScenarioCatalog.All.Select(s => $"{s.Name}: {s.Summary}{(s.ExpectedCause is { } cause ? $" Cause: {cause}" : "")}")];
        Assert.Equal(expected, entries);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_reported_and_costs_no_result()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");
        List<string> reported = [];
        ScenarioOptions options = new() { CaptureLibrary = CaptureLibrary.Instance, CapturePath = Path.Combine(file, "lab"), CaptureFailed = (path, _) => reported.Add(path) };

        ScenarioResult result = ScenarioRunner.Run(Named("ConnectionRefused"), options);

        Assert.Equal([options.CapturePath], reported);
        Assert.True(result.Passed, result.Problem);
        Assert.Null(result.CapturePath);
        Assert.ThrowsAny<IOException>(() => ScenarioRunner.Run(Named("ConnectionRefused"), options with { CaptureFailed = null }));
    }

    [Fact]
    public void A_capture_that_cannot_be_written_is_reported_and_costs_no_result()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "ConnectionRefused.pcapng")); // a file of this name cannot be written
        List<string> reported = [];

        ScenarioResult result = ScenarioRunner.Run(Named("ConnectionRefused"), new ScenarioOptions { CaptureLibrary = CaptureLibrary.Instance, CapturePath = _folder, CaptureFailed = (path, _) => reported.Add(path) });

        Assert.True(result.Passed, result.Problem);
        Assert.Null(result.CapturePath);
        Assert.Equal(result.CaptureNote is null ? [Path.Combine(_folder, "ConnectionRefused.pcapng")] : [], reported); // without the right to capture there is nothing to write
    }

    private static Scenario Named(string name) => ScenarioCatalog.All.Single(s => s.Name == name);
}
