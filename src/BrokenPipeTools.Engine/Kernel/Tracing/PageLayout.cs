using System.Globalization;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The layout of a page of the ring buffer (events/header_page).</summary>
/// <param name="CommitSize">The size of the length field in bytes, which is that of the kernel's long.</param>
/// <param name="DataOffset">The offset of the first byte of data.</param>
/// <param name="PageSize">The size of a page in bytes.</param>
internal sealed partial record PageLayout(int CommitSize, int DataOffset, int PageSize)
{
    /// <summary>The layout with pages of 4 KiB on a 64-bit machine.</summary>
    public static PageLayout Common { get; } = new(8, 16, 4096);

    private const int MostBytes = 1 << 20;

    /// <summary>Parses the text of header_page. Returns <see cref="Common"/> if the text cannot be parsed.</summary>
    public static PageLayout Parse(string? text)
    {
        Match commit = Part("commit", text), data = Part("data", text);
        if (!commit.Success || !data.Success)
            return Common;
        int commitSize = Whole(commit, "size"), dataOffset = Whole(data, "offset"), dataSize = Whole(data, "size");
        return commitSize is 4 or 8 && dataOffset >= 8 + commitSize && dataOffset < dataSize && dataSize < MostBytes
            ? new PageLayout(commitSize, dataOffset, dataOffset + dataSize)
            : Common;
    }

    private static Match Part(string name, string? text) => Field().Matches(text ?? "").FirstOrDefault(one => one.Groups["name"].Value == name) ?? Match.Empty;

    private static int Whole(Match match, string part) => int.TryParse(match.Groups[part].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;

    [GeneratedRegex(@"field:[^;]*?(?<name>\w+);\s*offset:(?<offset>\d+);\s*size:(?<size>\d+);", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
