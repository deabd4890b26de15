using System.Diagnostics;
using System.Text.RegularExpressions;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.House;

/// <summary>The engine's package, and the sample in its README, which is compiled against it in a separate project.</summary>
public sealed partial class LibrarySampleTests : IDisposable
{
    private static readonly string Root = RepositoryFiles.Root;
    private static readonly string Engine = Path.Combine(Root, "src", "BrokenPipeTools.Engine");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("brokenpipe-sample-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_sample_of_the_readme_runs_with_the_package()
    {
        Dotnet(Engine, "pack", "--no-build", "--output", _folder.FullName);
        string package = Assert.Single(_folder.GetFiles("*.nupkg")).Name;
        string version = Version().Match(package).Groups[1].Value;
        Write("sample.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors><UseAppHost>false</UseAppHost>
                <RestorePackagesPath>packages</RestorePackagesPath><RestoreSources>{_folder.FullName}</RestoreSources>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="BrokenPipeTools.Engine" Version="{version}" /></ItemGroup>
            </Project>
            """);
        Write("Program.cs", Sample().Match(File.ReadAllText(Path.Combine(Engine, "README.md"))).Groups[1].Value);
        Dotnet(_folder.FullName, "build", "--output", "out");

        string captures = Path.Combine(Root, "tests", "captures");
        ProgramResult whole = Run(Path.Combine(captures, "write-after-peer-close.pcapng"));
        Assert.Equal((0, ""), (whole.ExitCode, whole.Errors));
        Assert.Contains("WriteAfterPeerClose", whole.Output, StringComparison.Ordinal);

        string cut = Path.Combine(_folder.FullName, "cut.pcap");
        byte[] bytes = File.ReadAllBytes(Path.Combine(captures, "close-with-unread-data.pcap"));
        File.WriteAllBytes(cut, bytes[..^5]);
        ProgramResult damaged = Run(cut);
        Assert.Matches(@"^\d+: ", damaged.Output);
        Assert.Matches($@"cut\.pcap: .*byte offset \d+", damaged.Errors);
    }

    private ProgramResult Run(string capture) => ChildProgram.Run("dotnet", Path.Combine(_folder.FullName, "out", "sample.dll"), capture);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private static void Dotnet(string folder, params string[] arguments)
    {
        ProgramResult result = ChildProgram.Run(new ProcessStartInfo("dotnet", [.. arguments, "--nologo", "--verbosity", "quiet"]) { WorkingDirectory = folder });
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {result.Output}{result.Errors}");
    }

    [GeneratedRegex(@"\.(\d+\.\d+\.\d+)\.nupkg$")]
    private static partial Regex Version();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
