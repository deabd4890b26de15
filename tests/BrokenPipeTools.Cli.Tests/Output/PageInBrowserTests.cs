using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BrokenPipeTools.Reports;
using PuppeteerSharp;
using PuppeteerSharp.Media;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Output;

/// <summary>The page in a browser, used as a person would use it. PAGE_PICTURES is a folder for screenshots.</summary>
public sealed class PageInBrowserTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>, IDisposable
{
    private const string Mixed = """
        C:SYN
        S:SYN-ACK
        C:ACK
        C:DATA(5)
        S:ACK
        S:FIN
        C:ACK
        +1 C:DATA(5)
        S:RST
        C:SYN conn=1
        S:RST-ACK conn=1
        C:SYN conn=2
        S:SYN-ACK conn=2
        C:ACK conn=2
        C:FIN conn=2
        S:FIN conn=2
        C:ACK conn=2
        C:SYN conn=3
        C:ICMP conn=3
        """;

    private const string Toggle = ".toggle";

    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PAGE_PICTURES");

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ChromiumTheory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 400)]
    [InlineData("dark", 400)]
    [InlineData("light", 320)]
    [InlineData("light", 1920)]
    public async Task Nothing_is_loaded_nothing_fails_and_nothing_is_cut_off(string scheme, int width)
    {
        string path = Write(PageTests.Records(Mixed));
        await using OpenPage page = await chromium.OpenAsync(path, width, scheme);
        await page.Page.ClickAsync("#open");
        Assert.Equal(4, await page.Count(".detail svg"));
        await Picture(page, $"{scheme}-{width}");
        Assert.Equal([new Uri(path).AbsoluteUri], page.Requests);
        Assert.Empty(page.Problems);
        Assert.Equal(width, await page.Evaluate<int>("innerWidth"));
        Assert.Equal(0, await page.Evaluate<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.Empty(await page.Evaluate<string[]>("[...document.querySelectorAll('.detail, .detail *, td, th')].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== 'inline').map(e => e.outerHTML.slice(0, 80))"));
        Assert.Empty(await page.Evaluate<string[]>("[...document.querySelectorAll('.counts > * > table')].filter(e => e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right).map(e => e.outerHTML.slice(0, 80))"));
        Assert.Equal(scheme == "dark", await page.Evaluate<int>("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])") < 128);
    }

    [ChromiumFact]
    public async Task The_keyboard_reaches_everything()
    {
        await using OpenPage page = await chromium.OpenAsync(Write(PageTests.Records(Mixed)));
        await page.TabTo("#search");
        await page.Page.Keyboard.TypeAsync("econnrefused");
        Assert.Equal("Rows 1 to 1 of 1; 4 in all", await page.TextOf("#status"));
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.Equal("Rows 1 to 4 of 4", await page.TextOf("#status"));

        await page.TabTo("#cause");
        await page.Page.Keyboard.TypeAsync("Net");
        Assert.Equal("NetworkUnreachable", await page.TextOf(Toggle));
        await page.Press("Home");
        await page.TabTo("#state");
        await page.TabTo("#open");

        await page.TabTo(".cause button");
        await page.Press("Enter");
        Assert.Equal("ascending", await page.Evaluate<string>("document.activeElement.closest('th').ariaSort"));
        Assert.Equal("ConnectionRefused", await page.TextOf(Toggle));
        await page.Press("Space");
        Assert.Equal("descending", await page.Evaluate<string>("document.activeElement.closest('th').ariaSort"));
        Assert.Equal("WriteAfterPeerClose", await page.TextOf(Toggle));

        await page.TabTo(Toggle);
        await page.Press("Enter");
        Assert.Equal("true", await page.Evaluate<string>("document.activeElement.ariaExpanded"));
        Assert.Equal(1, await page.Count(".detail svg"));
        await page.Press("Enter");
        Assert.Equal("false", await page.Evaluate<string>("document.activeElement.ariaExpanded"));
        Assert.Equal(0, await page.Count(".detail"));
        Assert.Empty(page.Problems);
    }

    [ChromiumFact]
    public async Task The_table_sorts_by_each_column()
    {
        await using OpenPage page = await chromium.OpenAsync(Write(PageTests.Records(Mixed)));
        Assert.Equal(8, await page.Count("thead button"));
        for (int column = 1; column <= 8; column++)
        {
            await page.Page.ClickAsync($"thead th:nth-child({column}) button");
            Assert.Equal(1, await page.Count("thead [aria-sort=ascending]"));
            string[] ascending = await Column(page, column);
            await page.Page.ClickAsync($"thead th:nth-child({column}) button");
            string[] descending = await Column(page, column);
            Assert.Equal(ascending.Reverse(), descending);
            Assert.Equal(ascending.Order(StringComparer.Ordinal), ascending);
        }
    }

    [ChromiumFact]
    public async Task A_ladder_marks_the_frames_that_decide()
    {
        ConnectionClose record = PageTests.Records(Mixed)[0];
        await using OpenPage page = await chromium.OpenAsync(Write([record]));
        Assert.Equal(record.Events.Count, await page.Count(".ladder [role=listitem]"));
        Assert.Equal(record.Evidence.Select(evidence => $"#{evidence.Frame}"), await page.Evaluate<string[]>("[...document.querySelectorAll('.ladder .decisive .frame')].map(frame => frame.textContent)"));
        Assert.Contains("1.0 s later", await page.Evaluate<string[]>("[...document.querySelectorAll('.ladder text')].map(text => text.textContent)"));
        string detail = await page.TextOf(".detail");
        Assert.All([record.Explanation, record.Advice, record.WiresharkFilter, record.Path], text => Assert.Contains(text, detail, StringComparison.Ordinal));
        Assert.All(record.Alternatives, other => Assert.Contains(other.Why, detail, StringComparison.Ordinal));
    }

    [ChromiumFact]
    public async Task Texts_from_the_network_stay_text()
    {
        await using OpenPage page = await chromium.OpenAsync(Write(PageTests.Records("C:SYN\nS:RST-ACK", PageTests.Hostile)));
        string shown = DisplayText.Of(PageTests.Hostile);
        Assert.Contains(shown, await page.TextOf(".detail"), StringComparison.Ordinal);
        Assert.Contains(shown, await page.TextOf(".captures"), StringComparison.Ordinal);
        await AssertNothingTaken(page);
    }

    /// <summary>Whatever text a record may contain: here, each text in the page's data is a hostile one.</summary>
    [ChromiumFact]
    public async Task The_script_shows_each_text_as_text()
    {
        string path = Write(PageTests.Records(Mixed));
        string page = File.ReadAllText(path);
        File.WriteAllText(path, PageTests.Data().Replace(page, match => match.Value.Replace(match.Groups["data"].Value, Taint(JsonNode.Parse(match.Groups["data"].Value))!.ToJsonString(), StringComparison.Ordinal)));
        await using OpenPage open = await chromium.OpenAsync(path);
        await open.Page.ClickAsync("#open");
        await open.Page.ClickAsync("thead th:nth-child(4) button");
        Assert.Equal(4, await open.Count(".detail svg"));
        Assert.Contains("<img src=x onerror=window.taken=1>", await open.TextOf(".detail"), StringComparison.Ordinal);
        await AssertNothingTaken(open);
    }

    /// <summary>The same data with a hostile text in place of each text.</summary>
    private static JsonNode? Taint(JsonNode? data) => data switch
    {
        JsonArray names when names.Any(name => name?.ToString() == "explanation") => names.DeepClone(),
        JsonArray array => new JsonArray([.. array.Select(Taint)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(PageTests.Hostile),
        _ => data?.DeepClone(),
    };

    private static async Task AssertNothingTaken(OpenPage page)
    {
        Assert.Equal(0, await page.Count("img"));
        Assert.Equal(3, await page.Count("script"));
        Assert.True(await page.Evaluate<bool>("window.taken === undefined"));
        Assert.Empty(page.Problems);
    }

    [ChromiumFact]
    public async Task Ten_thousand_connections_open()
    {
        string[] lines = Mixed.Split('\n', StringSplitOptions.TrimEntries);
        string script = string.Join('\n', Enumerable.Range(0, 10_000).SelectMany(n => Lines(lines, n % 3).Select(line => $"{line} conn={n}")));
        string path = Write(PageTests.Records(script));
        await using OpenPage page = await chromium.OpenAsync(path);
        Assert.Equal("Rows 1 to 100 of 10,000", await page.TextOf("#status"));
        double loaded = await page.Evaluate<double>("performance.getEntriesByType('navigation')[0].loadEventEnd");
        double parsed = await page.Evaluate<double>("performance.getEntriesByType('navigation')[0].domInteractive");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(path).Length / 1e6:0.0} MB open after {loaded:0} ms, of which the browser took {parsed:0} ms to its last line"));
        Stopwatch watch = Stopwatch.StartNew();
        await page.Page.ClickAsync(".server button");
        Assert.Equal(100, await page.Count(Toggle));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sorted after {watch.Elapsed.TotalSeconds:0.00} s"));
        watch.Restart();
        await page.Page.TypeAsync("#search", "40123");
        Assert.Equal("Rows 1 to 1 of 1; 10,000 in all", await page.TextOf("#status"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"found after {watch.Elapsed.TotalSeconds:0.00} s"));
        await page.Page.Keyboard.PressAsync("Escape");
        await page.TabTo("#next");
        await page.Press("Enter");
        Assert.Equal("Rows 101 to 200 of 10,000", await page.TextOf("#status"));
        Assert.Empty(page.Problems);
    }

    [ChromiumFact]
    public async Task The_overview_is_there_without_scripts()
    {
        await using OpenPage page = await chromium.OpenAsync(Write(PageTests.Records(Mixed)), hasScripts: false);
        Assert.Contains("WriteAfterPeerClose", await page.TextOf("header"), StringComparison.Ordinal);
        Assert.Contains("JavaScript", await page.TextOf(".notice"), StringComparison.Ordinal);
        Assert.Equal("none", await page.Evaluate<string>("getComputedStyle(document.querySelector('main')).display"));
    }

    [ChromiumFact]
    public async Task Print_has_the_open_connections_in_light_and_no_controls()
    {
        await using OpenPage page = await chromium.OpenAsync(Write(PageTests.Records(Mixed)), scheme: "dark");
        await page.Page.ClickAsync("#open");
        await page.Page.EmulateMediaTypeAsync(MediaType.Print);
        Assert.Equal("none", await page.Evaluate<string>("getComputedStyle(document.querySelector('.controls')).display"));
        Assert.Equal("rgb(255, 255, 255)", await page.Evaluate<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.True(await page.Evaluate<bool>("[...document.querySelectorAll('.detail svg')].every(ladder => ladder.getBoundingClientRect().height > 50)"));
        byte[] printed = await page.Page.PdfDataAsync(new PdfOptions { Format = PaperFormat.A4, PrintBackground = true });
        Assert.True(printed.AsSpan().StartsWith("%PDF"u8));
        if (Pictures is not null)
            await File.WriteAllBytesAsync(Path.Combine(Pictures, "print.pdf"), printed);
    }

    private static IEnumerable<string> Lines(string[] script, int conn) => script.Where(line => conn == 0 ? !line.Contains("conn=", StringComparison.Ordinal) : line.EndsWith($"conn={conn}", StringComparison.Ordinal))
        .Select(line => line.Split(" conn=")[0]);

    private static Task<string[]> Column(OpenPage page, int column) => page.Evaluate<string[]>($"[...document.querySelectorAll('.connections > tbody > tr > td:nth-child({column})')].map(cell => cell.innerText)");

    private static async Task Picture(OpenPage page, string name)
    {
        if (Pictures is not null)
            await page.Page.ScreenshotAsync(Path.Combine(Pictures, $"{name}.png"), new ScreenshotOptions { FullPage = true });
    }

    private string Write(IEnumerable<ConnectionClose> records)
    {
        string path = Path.Combine(_folder, "page.html");
        File.WriteAllBytes(path, PageTests.PageOf(records));
        return path;
    }
}
