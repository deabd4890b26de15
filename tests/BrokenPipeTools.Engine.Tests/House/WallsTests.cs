using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Tests.House;

/// <summary>Data flows one way through the engine: a folder may use itself and those before it, never one after it.</summary>
public sealed partial class WallsTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Capture"] = [],
        ["Wire"] = ["Capture"],
        ["Connections"] = ["Capture", "Wire"],
        ["Closing"] = ["Capture", "Wire", "Connections"],
        ["Diagnosis"] = ["Capture", "Wire", "Connections", "Closing"],
        ["Reports"] = ["Capture", "Wire", "Connections", "Closing", "Diagnosis"],
        ["Output"] = ["Capture", "Wire", "Connections", "Closing", "Diagnosis", "Reports", "Summaries"],
        ["Live"] = ["Capture"],
        ["Analysis"] = ["Capture", "Wire", "Connections", "Closing", "Diagnosis", "Reports", "Live"],
        ["Comparison"] = ["Capture", "Wire", "Connections", "Closing", "Diagnosis", "Reports"],
        ["Summaries"] = ["Wire", "Connections", "Closing", "Diagnosis", "Reports"],
        ["Sockets"] = ["Reports"],
        ["Http"] = [],
        ["Kernel"] = ["Diagnosis"],
        ["Tracing"] = ["Diagnosis", "Reports", "Sockets", "Kernel"],
        ["Scenarios"] = ["Capture", "Closing", "Sockets", "Live", "Diagnosis", "Reports", "Http", "Kernel", "Tracing"],
        ["Probes"] = ["Capture", "Closing", "Sockets", "Live", "Diagnosis", "Reports", "Http"],
    };

    public static string Engine { get; } = Path.Combine(RepositoryRoot(), "src", "BrokenPipeTools.Engine");

    [GeneratedRegex(@"^using (?:static )?BrokenPipeTools\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"(?<![\w.])(?:BrokenPipeTools\.)?(Capture|Wire|Connections|Closing|Diagnosis|Reports|Live|Sockets|Http|Kernel|Tracing|Scenarios|Probes|Analysis|Output|Summaries|Comparison)\.[A-Z]\w+")]
    private static partial Regex Qualified();

    [Fact]
    public void Every_folder_uses_only_those_before_it()
    {
        List<string> breaches = [];
        foreach (string folder in Directory.GetDirectories(Engine))
        {
            string name = Path.GetFileName(folder);
            if (name is "bin" or "obj")
                continue;
            Assert.True(MayUse.ContainsKey(name), $"{name} has no place in the order yet");
            foreach (string file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                string text = WithoutComments(File.ReadAllText(file));
                foreach (string used in Using().Matches(text).Concat(Qualified().Matches(text)).Select(m => m.Groups[1].Value).Distinct())
                {
                    if (used != name && MayUse.ContainsKey(used) && !MayUse[name].Contains(used))
                        breaches.Add($"{name}/{Path.GetFileName(file)} uses {used}");
                }
            }
        }

        // The summary and the problem of a capture are told by the entry, which stands above all folders.
        Assert.Empty(breaches);
    }

    [Fact]
    public void The_engine_knows_no_PowerShell_no_console_and_no_package()
    {
        string project = File.ReadAllText(Path.Combine(Engine, "BrokenPipeTools.Engine.csproj"));
        Assert.DoesNotContain("PackageReference", project, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(Engine, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            string text = File.ReadAllText(file);
            Assert.DoesNotContain("System.Management.Automation", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Console.Write", text, StringComparison.Ordinal);
        }
    }

    /// <summary>A file that a user names may be a device without an end. Files of /proc are the kernel's.</summary>
    [Fact]
    public void No_file_is_read_whole_without_a_bound()
    {
        string[] breaches = [.. Directory.GetFiles(Path.Combine(RepositoryRoot(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .SelectMany(File.ReadLines)
            .Where(line => WholeFile().IsMatch(line) && !line.Contains("\"/proc/", StringComparison.Ordinal))];
        Assert.Empty(breaches);
    }

    [GeneratedRegex(@"File\.(ReadAll|WriteAll)(Bytes|Text|Lines)|File\.ReadLines|nput\.CopyTo\(")]
    private static partial Regex WholeFile();

    [Fact]
    public void A_file_is_one_idea_and_not_long()
    {
        string[] sources = [.. new[] { "src", "tests" }.SelectMany(f => Directory.GetFiles(Path.Combine(RepositoryRoot(), f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))];
        Assert.NotEmpty(sources);
        Assert.DoesNotContain(sources, f => File.ReadLines(f).Count() > 320);
        string[] vague = ["Helper", "Utils", "Manager"];
        Assert.DoesNotContain(sources, f => vague.Any(word => Path.GetFileName(f).Contains(word, StringComparison.Ordinal)));
    }

    public static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private static string WithoutComments(string text) => Regex.Replace(text, "//.*", "");
}
