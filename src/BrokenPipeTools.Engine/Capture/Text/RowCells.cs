using System.Text;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Splits a row of a packet list into cells: CSV, tabs, or words.</summary>
internal static class RowCells
{
    /// <summary>The most cells of a row, more than a packet list has columns. If the cells are words, the last cell contains all remaining words.</summary>
    private const int MaxCells = 64;

    /// <summary>Returns the cells of a row, and whether they are columns rather than words.</summary>
    public static List<string> Split(string line, out bool areColumns)
    {
        string text = line.Trim();
        areColumns = true;
        if (text.StartsWith('"') && text.Contains("\",\"", StringComparison.Ordinal))
            return SplitCsv(text);
        if (text.Count(c => c == '\t') >= 3)
            return [.. text.Split('\t', MaxCells, StringSplitOptions.TrimEntries).Where(cell => !RowInfo.IsArrow(cell))];
        areColumns = false;
        return [.. text.Split([' ', '\t'], MaxCells, StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Splits a row of CSV (RFC 4180). Inside a quoted cell a quotation mark is doubled; Wireshark before 4.4 writes \" for it.</summary>
    private static List<string> SplitCsv(string text)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        bool isQuoted = false;
        for (int i = 0; i < text.Length && cells.Count < MaxCells; i++)
        {
            char c = text[i];
            bool isDoubled = c == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"';
            bool isEscaped = c == '\\' && isQuoted && i + 2 < text.Length && text[i + 1] == '"' && text[i + 2] != ',';
            if (isDoubled || isEscaped)
            {
                cell.Append('"');
                i++;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
