using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Tests.House;

/// <summary>Data flows one way through the engine: a folder may use itself and those before it, never one after it.</summary>
public sealed partial class WallsTests
{
    /// <summary>The rooms in the order of the picture in src/README.md. A folder that is not there belongs to the room of the folder around it.</summary>
    private static readonly string[] Rooms = [.. Picture().Matches(File.ReadAllText(Path.Combine(RepositoryRoot(), "src", "README.md"))).Select(line => line.Groups[1].Value)];

    public static string Engine { get; } = Path.Combine(RepositoryRoot(), "src", "BrokenPipeTools.Engine");

    [Fact]
    public void Every_folder_uses_only_those_before_it()
    {
        EngineSources sources = new(Engine);
        Assert.Empty(sources.Errors.Where(error => error.Id is "CS0246" or "CS0234" or "CS0103" or "CS1061")); // unknown names: the sources were not understood
        (string From, string To, string File, string Type)[] uses = [.. sources.Uses()];
        Assert.InRange(uses.Length, 1000, int.MaxValue);
        Assert.Empty(uses.Where(use => Place(use.To) > Place(use.From)).Select(use => $"{use.File} uses {use.Type} of {use.To}"));
    }

    /// <summary>A line of the picture: a room, then what it holds.</summary>
    [GeneratedRegex(@"^([A-Z]\w+(?:/[A-Z]\w+)?)  +\S", RegexOptions.Multiline)]
    private static partial Regex Picture();

    /// <summary>Nothing lies beside the rooms.</summary>
    [Fact]
    public void Every_file_is_in_a_room()
    {
        Assert.Empty(Directory.GetFiles(Engine, "*.cs"));
        Assert.Empty(Directory.GetDirectories(Engine).Select(folder => Path.GetFileName(folder)).Except(Rooms).Except(["bin", "obj"]));
        Assert.All(Rooms, room => Assert.True(Directory.Exists(Path.Combine(Engine, room)), $"{room} does not exist"));
    }

    /// <summary>A namespace is that of the folder, so that a name shows the folder of its type.</summary>
    [Fact]
    public void Namespaces_are_those_of_the_folders()
    {
        string[] strange = [.. SourceFiles.In(Engine)
            .Select(file => Path.GetRelativePath(Engine, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !File.ReadAllText(Path.Combine(Engine, file)).Contains($"namespace BrokenPipeTools.{Path.GetDirectoryName(file)!.Replace('/', '.')};", StringComparison.Ordinal))];
        Assert.Empty(strange);
    }

    private static int Place(string folder)
    {
        for (string? room = folder; !string.IsNullOrEmpty(room); room = Path.GetDirectoryName(room))
        {
            if (Array.IndexOf(Rooms, room) is >= 0 and var place)
                return place;
        }

        throw new ArgumentException($"{folder} is in no room", nameof(folder));
    }

    [Fact]
    public void The_engine_knows_no_PowerShell_no_console_and_no_package()
    {
        string project = File.ReadAllText(Path.Combine(Engine, "BrokenPipeTools.Engine.csproj"));
        Assert.All(project.Split('\n').Where(line => line.Contains("PackageReference", StringComparison.Ordinal)), line => Assert.Contains("PrivateAssets=\"all\"", line, StringComparison.Ordinal)); // analyzers
        foreach (string file in SourceFiles.In(Engine))
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
        string[] breaches = [.. SourceFiles.In(Path.Combine(RepositoryRoot(), "src"))
            .SelectMany(File.ReadLines)
            .Where(line => WholeFile().IsMatch(line) && !line.Contains("\"/proc/", StringComparison.Ordinal))];
        Assert.Empty(breaches);
    }

    [GeneratedRegex(@"File\.(ReadAll|WriteAll)(Bytes|Text|Lines)|File\.ReadLines|nput\.CopyTo\(")]
    private static partial Regex WholeFile();

    [Fact]
    public void A_file_is_one_idea_and_not_long()
    {
        string[] sources = [.. new[] { "src", "tests" }.SelectMany(f => SourceFiles.In(Path.Combine(RepositoryRoot(), f)))];
        Assert.NotEmpty(sources);
        Assert.DoesNotContain(sources, f => File.ReadLines(f).Count() > 320);
        string[] vague = ["Helper", "Utils", "Manager"];
        Assert.DoesNotContain(sources, f => vague.Any(word => Path.GetFileName(f).Contains(word, StringComparison.Ordinal)));
    }

    public static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
