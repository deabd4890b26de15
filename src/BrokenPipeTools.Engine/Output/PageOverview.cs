using System.Globalization;
using System.Net;
using System.Text;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools.Output;

/// <summary>Counts the connections of a page, and writes the counts as HTML that needs no script.</summary>
internal sealed class PageOverview
{
    private readonly CloseTally _tally = new();
    private readonly Dictionary<string, long> _captures = [];

    /// <summary>Counts a connection.</summary>
    public void Add(ExportedRecord shown)
    {
        _tally.Add(shown.Record);
        _captures[shown.Path] = _captures.GetValueOrDefault(shown.Path) + 1;
    }

    /// <summary>Makes the overview.</summary>
    /// <param name="isCut">Whether there were more connections than a page can have.</param>
    public string ToHtml(bool isCut)
    {
        StringBuilder html = new();
        IReadOnlyList<SummaryLine> lines = _tally.Summarize(top: 0);
        SummaryLine total = lines[0];
        if (isCut)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"notice\">Only the first {total.Count:N0} connections are on this page, which is its limit. Select fewer, by cause or address.</p>\n");
        html.Append("<dl class=\"totals\">\n");
        Total(html, "Connections", total.Count.ToString("N0", CultureInfo.InvariantCulture));
        Total(html, "In trouble", total.Troubled.ToString("N0", CultureInfo.InvariantCulture));
        Total(html, "First packet (UTC)", Time(total.StartTime));
        Total(html, "Last packet (UTC)", Time(total.EndTime));
        html.Append("</dl>\n<div class=\"counts\">\n");
        Counts(html, "By cause", lines.Where(line => line.Group == SummaryGroup.Cause));
        Counts(html, "By state", lines.Where(line => line.Group == SummaryGroup.State));
        Captures(html);
        return html.Append("</div>").ToString();
    }

    private static void Total(StringBuilder html, string name, string value) => html.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{value}</dd></div>\n");

    private static void Counts(StringBuilder html, string title, IEnumerable<SummaryLine> lines)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section><h2>{title}</h2><table>\n");
        foreach (SummaryLine line in lines)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(line.Name)}</th><td class=\"bar\"><svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"{line.Share * 100:0.0}\" height=\"1\"/></svg></td>");
            html.Append(CultureInfo.InvariantCulture, $"<td>{line.Count:N0}</td><td class=\"share\">{line.Share * 100:0.0} %</td></tr>\n");
        }

        html.Append("</table></section>\n");
    }

    private void Captures(StringBuilder html)
    {
        html.Append("<section><h2>By capture</h2><div class=\"captures\" tabindex=\"0\" role=\"group\" aria-label=\"Captures\"><table>\n");
        foreach ((string path, long count) in _captures)
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(path)}</th><td>{count:N0}</td></tr>\n");
        html.Append("</table></div></section>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(DisplayText.Of(text));

    private static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "";
}
