using System.Text.RegularExpressions;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Networks;

namespace BrokenPipeTools.Tests.House;

/// <summary>Data flows one way through the engine: a folder may use itself and those before it, never one after it.</summary>
public sealed partial class WallsTests
{
    /// <summary>Reads the rooms in the order of src/README.md. A folder that is not in the list belongs to the room of its parent folder.</summary>
    private static readonly string[] Rooms = [.. Picture().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "src", "README.md"))).Select(line => line.Groups[1].Value)];

    public static string Engine { get; } = Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools.Engine");

    [Fact]
    public void Every_folder_uses_only_those_before_it_in_the_README()
    {
        EngineSources sources = new(Engine);
        Assert.Empty(sources.Errors.Where(error => error.Id is "CS0246" or "CS0234" or "CS0103" or "CS1061")); // unknown names would mean that the sources were not read correctly
        (string From, string To, string File, string Type)[] uses = [.. sources.Uses()];
        Assert.InRange(uses.Length, 1000, int.MaxValue);
        Assert.Empty(uses.Where(use => Place(use.To) > Place(use.From)).Select(use => $"{use.File} uses {use.Type} of {use.To}"));
    }

    /// <summary>Matches a line of the list: a room, then its content.</summary>
    [GeneratedRegex(@"^([A-Z]\w+(?:/[A-Z]\w+)?)  +\S", RegexOptions.Multiline)]
    private static partial Regex Picture();

    /// <summary>No file is outside the rooms.</summary>
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
        string[] strange = [.. RepositoryFiles.In(Engine)
            .Select(file => Path.GetRelativePath(Engine, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !File.ReadAllText(Path.Combine(Engine, file)).Contains($"namespace BrokenPipeTools.{Path.GetDirectoryName(file)!.Replace('/', '.')};", StringComparison.Ordinal))];
        Assert.Empty(strange);
    }

    /// <summary>In the command line a folder uses those before it, and a namespace is the folder's, too.</summary>
    [Fact]
    public void The_command_line_has_rooms_as_well()
    {
        string cli = Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools.Cli");
        string[] rooms = ["Output", "Options", "Commands"];
        foreach (string file in RepositoryFiles.In(cli).Where(file => Path.GetDirectoryName(file) != cli))
        {
            string room = Path.GetFileName(Path.GetDirectoryName(file)!);
            string text = File.ReadAllText(file);
            Assert.Contains($"namespace BrokenPipeTools.Cli.{room};", text, StringComparison.Ordinal);
            Assert.All(rooms.SkipWhile(before => before != room).Skip(1), later => Assert.DoesNotContain($"using BrokenPipeTools.Cli.{later};", text, StringComparison.Ordinal));
        }
    }

    /// <summary>The tests of the engine need neither root nor a socket: tests that do are in the lab's project.</summary>
    [Fact]
    public void The_engine_is_tested_from_bytes_alone()
    {
        string[] real = ["[LiveFact]", "[LiveTheory]", "[RootFact]", "new Socket(", "BrokenPipeServer", "using BrokenPipeTools.Lab", "using BrokenPipeTools.FaultServer", "using BrokenPipeTools.Testing.Networks"];
        string[] files = [.. RepositoryFiles.In(Path.Combine(RepositoryFiles.Root, "tests", "BrokenPipeTools.Engine.Tests"))];
        Assert.InRange(files.Length, 50, int.MaxValue);
        Assert.Empty(files.SelectMany(file => real.Where(File.ReadAllText(file).Contains).Select(word => $"{file} has {word}")));
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
    public void The_engine_references_no_PowerShell_no_console_and_no_package()
    {
        string project = File.ReadAllText(Path.Combine(Engine, "BrokenPipeTools.Engine.csproj"));
        Assert.All(project.Split('\n').Where(line => line.Contains("PackageReference", StringComparison.Ordinal)), line => Assert.Contains("PrivateAssets=\"all\"", line, StringComparison.Ordinal)); // analyzers
        foreach (string file in RepositoryFiles.In(Engine))
        {
            string text = File.ReadAllText(file);
            Assert.DoesNotContain("System.Management.Automation", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Console.Write", text, StringComparison.Ordinal);
        }
    }

    /// <summary>A file that a user names may be an endless device, so it must be read with a bound. Files of /proc come from the kernel.</summary>
    [Fact]
    public void No_file_is_read_whole_without_a_bound()
    {
        string[] breaches = [.. RepositoryFiles.In(Path.Combine(RepositoryFiles.Root, "src"))
            .SelectMany(File.ReadLines)
            .Where(line => WholeFile().IsMatch(line) && !line.Contains("\"/proc/", StringComparison.Ordinal))];
        Assert.Empty(breaches);
    }

    [GeneratedRegex(@"File\.(ReadAll|WriteAll)(Bytes|Text|Lines)|File\.ReadLines|nput\.CopyTo\(")]
    private static partial Regex WholeFile();

    [Fact]
    public void No_file_is_too_long()
    {
        string[] sources = [.. new[] { "src", "tests" }.SelectMany(f => RepositoryFiles.In(Path.Combine(RepositoryFiles.Root, f)))];
        Assert.NotEmpty(sources);
        Assert.DoesNotContain(sources, f => File.ReadLines(f).Count() > 320);
        string[] vague = ["Helper", "Utils", "Manager"];
        Assert.DoesNotContain(sources, f => vague.Any(word => Path.GetFileName(f).Contains(word, StringComparison.Ordinal)));
    }
}
