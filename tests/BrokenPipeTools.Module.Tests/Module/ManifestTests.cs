using System.Reflection;
using System.Xml.Linq;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Commands;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Module;

/// <summary>The manifest against the code and the build.</summary>
public class ManifestTests
{
    [Fact]
    public void The_manifest_exports_the_cmdlet_classes() =>
        Assert.Equal(CmdletModel.All.Keys.Order(), ModuleFiles.ManifestValue("CmdletsToExport").Order());

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("VariablesToExport")]
    [InlineData("AliasesToExport")]
    public void Nothing_else_is_exported(string key) => Assert.Empty(ModuleFiles.ManifestValue(key));

    [Fact]
    public void Version_is_that_of_the_assemblies()
    {
        string version = Assert.Single(ModuleFiles.ManifestValue("ModuleVersion"));
        foreach (Assembly assembly in (Assembly[])[typeof(CloseAnalyzer).Assembly, typeof(CloseCommand).Assembly])
            Assert.Equal(version, assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        Assert.Contains($"{version}: ", string.Join('\n', ModuleFiles.ManifestValue("ReleaseNotes")), StringComparison.Ordinal);
    }

    [Fact]
    public void It_asks_for_the_oldest_PowerShell_that_has_the_runtime_of_the_assemblies()
    {
        // PowerShell 7.4 runs on .NET 8.
        Assert.Equal("7.4", Assert.Single(ModuleFiles.ManifestValue("PowerShellVersion")));
        XDocument project = XDocument.Load(Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools", "BrokenPipeTools.csproj"));
        Assert.Equal("net8.0", project.Descendants("TargetFramework").Single().Value);
    }

    [Fact]
    public void Files_it_names_are_built_into_bin()
    {
        IEnumerable<string> named = ModuleFiles.ManifestValue("RootModule").Concat(ModuleFiles.ManifestValue("FormatsToProcess")).Concat(ModuleFiles.ManifestValue("TypesToProcess"));
        Assert.All(named, name => Assert.True(File.Exists(Path.Combine(RepositoryFiles.Root, name)), name));
    }

    [Fact]
    public void Every_cmdlet_class_is_named_for_its_command_in_a_file_of_its_own() => Assert.All(CmdletModel.All.Values, c =>
    {
        Assert.Equal($"BrokenPipeTools.Commands.{c.Verb}{c.Noun}Command", c.Type.FullName);
        Assert.True(File.Exists(Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools", "Commands", $"{c.Type.Name}.cs")));
        Assert.Contains(c.DefaultParameterSet, c.ParameterSets.DefaultIfEmpty(""));
    });

    [Fact]
    public void No_other_assembly_ships()
    {
        IEnumerable<string> shipped = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "bin"), "*.dll").Select(f => Path.GetFileName(f)!);
        Assert.Equal(["BrokenPipeTools.Engine.dll", "BrokenPipeTools.dll"], shipped.Order(StringComparer.Ordinal));
    }
}
