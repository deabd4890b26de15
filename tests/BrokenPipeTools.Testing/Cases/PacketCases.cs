using System.Globalization;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Testing.Cases;

/// <summary>All cases of <c>tests/cases</c>.</summary>
internal sealed class PacketCases
{
    private PacketCases(IReadOnlyList<PacketCaseFile> files)
    {
        All = [.. files.SelectMany(f => f.Cases)];
        Problems = [.. files.SelectMany(f => f.Problems), .. Twice(c => c.Title, "title"), .. Twice(Packets, "packets")];
    }

    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryFiles.Root, "tests", "cases");

    public IReadOnlyList<PacketCase> All { get; }

    /// <summary>The problems of the files: file:line: problem; action.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Reads the files of the folder.</summary>
    public static PacketCases Read() => Of([.. Directory.GetFiles(Folder, "*.pkt").Order(StringComparer.Ordinal).Select(PacketCaseFile.Read)]);

    /// <summary>The cases of some files.</summary>
    public static PacketCases Of(IReadOnlyList<PacketCaseFile> files) => new(files);

    /// <summary>Returns the packets of a case as text. Two scripts that are written differently may describe the same packets.</summary>
    internal static string Packets(PacketCase of) =>
        string.Join('\n', PacketScript.Build(of.Script).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Time} {Convert.ToHexString(f.Data)}")));

    private IEnumerable<string> Twice(Func<PacketCase, string> key, string what) =>
        from cases in All.GroupBy(key, StringComparer.Ordinal)
        from again in cases.Skip(1)
        let first = cases.First()
        select $"{again.File}:{again.Line}: '{again.Title}' has the {what} of {first.File}:{first.Line}, '{first.Title}'; remove one of the two or change it";
}
