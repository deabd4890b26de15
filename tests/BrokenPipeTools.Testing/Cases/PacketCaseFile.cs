using System.Text.RegularExpressions;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Testing.Cases;

/// <summary>
/// A file of <c>tests/cases</c>: blocks with an empty line between them.
/// <code>
///     # a comment
///
///     begin Request              the name stands for these lines in the blocks below
///     C:SYN
///     S:SYN-ACK
///     C:ACK
///     C:DATA(5)
///     S:ACK
///
///     case a write after the FIN is answered with a RST
///     Request
///     S:FIN
///     C:ACK
///     +1 C:DATA(5)
///     S:RST
///     -> Reset by Server: S:FIN C:ACK C:DATA(5) S:RST
///     -> WriteAfterPeerClose (Medium)
///     -> client: read EOF, write EPIPE; server: read ECONNRESET, write ECONNRESET; broken pipe: Client
/// </code>
/// The lines of a script are those of <see cref="PacketScript"/>, the lines behind <c>-></c> those of <see cref="RecordText"/>.
/// </summary>
internal sealed partial class PacketCaseFile
{
    private const string Arrow = "-> ";

    private readonly string _name;
    private readonly string[] _lines;
    private readonly Dictionary<string, string[]> _beginnings = new(StringComparer.Ordinal);
    private readonly List<PacketCase> _cases = [];
    private readonly List<string> _problems = [];

    private PacketCaseFile(string name, string text)
    {
        _name = name;
        _lines = text.TrimEnd().Split('\n');
        for (int first = 0; first < _lines.Length; first++)
        {
            int end = first;
            while (end < _lines.Length && _lines[end].Trim().Length > 0)
                end++;
            if (end > first)
                ReadBlock([.. Enumerable.Range(first + 1, end - first).Select(n => (n, _lines[n - 1].Trim())).Where(l => !l.Item2.StartsWith('#'))], end + 1);
            first = end;
        }
    }

    /// <summary>The cases, also those without an expected record.</summary>
    public IReadOnlyList<PacketCase> Cases => _cases;

    /// <summary>Lines that are not valid, and cases that are not complete: file:line: problem; action.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads a file.</summary>
    public static PacketCaseFile Read(string path) => Parse(Path.GetFileName(path), File.ReadAllText(path));

    /// <summary>Reads the text of a file.</summary>
    public static PacketCaseFile Parse(string name, string text) => new(name, text);

    /// <summary>Returns the file's text with another expected record for a case.</summary>
    public string WithExpected(string title, IEnumerable<string> expected)
    {
        PacketCase changed = _cases.Single(c => c.Title == title);
        int index = changed.ExpectedLine - 1;
        return string.Join('\n', [.. _lines[..index], .. expected.Select(line => Arrow + line), .. _lines[(index + changed.Expected.Count)..]]) + "\n";
    }

    [GeneratedRegex(@"^(?<word>begin|case)\s+(?<name>\S.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[A-Za-z]\w*$")]
    private static partial Regex BeginningName();

    /// <param name="block">The lines, without comments, and their numbers.</param>
    /// <param name="next">The number of the line after the block.</param>
    private void ReadBlock((int Number, string Text)[] block, int next)
    {
        if (block.Length == 0)
            return;
        if (Heading().Match(block[0].Text) is not { Success: true } heading)
        {
            Add(block[0].Number, $"'{block[0].Text}' is not a heading; write 'case' and a title above it");
            return;
        }

        int records = Array.FindIndex(block, l => l.Text.StartsWith(Arrow, StringComparison.Ordinal));
        (int, string)[] lines = block[1..(records < 0 ? block.Length : records)];
        string[] script = [.. lines.SelectMany(Script)];
        if (lines.Length == 0)
            Add(block[0].Number, "there is no segment; write some below the heading");
        string name = heading.Groups["name"].Value;
        if (heading.Groups["word"].Value == "case")
            AddCase(block[0].Number, name, script, records < 0 ? [] : block[records..], next);
        else if (records >= 0)
            Add(block[records].Number, "a beginning has no expected record; remove it");
        else if (!BeginningName().IsMatch(name) || !_beginnings.TryAdd(name, script))
            Add(block[0].Number, $"'{name}' is not a new name of letters and digits; give the beginning another name");
    }

    private void AddCase(int number, string title, string[] script, (int Number, string Text)[] expected, int next)
    {
        if (expected.Length == 0)
            Add(number, $"'{title}' has no expected record; run the tests with UPDATE_EXPECTED=1");
        foreach ((int line, string text) in expected.Where(l => !l.Text.StartsWith(Arrow, StringComparison.Ordinal)))
            Add(line, $"'{text}' follows the expected record; move it above the record");
        _cases.Add(new PacketCase(_name, number, title, string.Join('\n', script), [.. expected.Select(l => l.Text[Arrow.Length..])], expected.Length > 0 ? expected[0].Number : next));
    }

    /// <summary>Returns the segments of a line, which may be the name of a beginning.</summary>
    private string[] Script((int Number, string Text) line)
    {
        if (_beginnings.TryGetValue(line.Text, out string[]? beginning))
            return beginning;
        if (PacketScript.IsLine(line.Text))
            return [line.Text];
        Add(line.Number, $"'{line.Text}' is neither a segment nor the name of a beginning above");
        return [];
    }

    private void Add(int line, string problem) => _problems.Add($"{_name}:{line}: {problem}");
}
