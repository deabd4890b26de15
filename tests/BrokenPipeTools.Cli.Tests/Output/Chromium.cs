using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Testing.Processes;
using PuppeteerSharp;

namespace BrokenPipeTools.Tests.Output;

/// <summary>Runs if Chromium is on the PATH; elsewhere the test is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Program is null ? Chromium.Missing : null;
}

/// <summary>As <see cref="ChromiumFactAttribute"/>, for a test with several runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.Program is null ? Chromium.Missing : null;
}

/// <summary>The machine's Chromium, without a window and with its own profile. No browser is ever downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    internal const string Missing = "Chromium is not installed (Debian: apt-get install chromium)";

    private const string Announcement = "DevTools listening on ";

    private readonly string _profile = Directory.CreateTempSubdirectory("brokenpipe-chromium-").FullName;
    private ChildProgram? _program;
    private IBrowser? _browser;

    /// <summary>The name of the program; null if it is not installed.</summary>
    internal static string? Program { get; } = new[] { "chromium", "chromium-browser", "google-chrome" }.FirstOrDefault(Tshark.IsOnPath);

    public async Task InitializeAsync()
    {
        if (Program is null)
            return;
        _program = ChildProgram.Start(
            Program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0", $"--user-data-dir={_profile}");
        TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _program.OnLine(line =>
        {
            if (line?.StartsWith(Announcement, StringComparison.Ordinal) == true)
                address.TrySetResult(line[Announcement.Length..]);
        });
        string endpoint = await address.Task.WaitAsync(ChildProgram.MaxWait);
        _browser = await Puppeteer.ConnectAsync(new ConnectOptions { BrowserWSEndpoint = endpoint, DefaultViewport = null });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _program?.WaitForExit(5000);
        _program?.Dispose();
        for (int attempt = 0; !TryDeleteProfile(isLast: attempt == 40); attempt++)
            await Task.Delay(250);
    }

    /// <summary>
    /// Deletes the profile. Returns false if a process of the browser still writes to it. (The processes of a browser end one after another.)
    /// </summary>
    private bool TryDeleteProfile(bool isLast)
    {
        try
        {
            Directory.Delete(_profile, recursive: true);
            return true;
        }
        catch (IOException) when (!isLast)
        {
            return false;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Width of the window.</param>
    /// <param name="scheme">"light" or "dark".</param>
    /// <param name="hasScripts">Whether scripts run.</param>
    internal async Task<OpenPage> OpenAsync(string path, int width = 1280, string scheme = "light", bool hasScripts = true)
    {
        IPage page = await _browser!.NewPageAsync();
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        await page.SetJavaScriptEnabledAsync(hasScripts);
        OpenPage open = new(page, hasScripts);
        await page.GoToAsync(new Uri(path).AbsoluteUri);
        return open;
    }
}

/// <summary>A page in the browser, with all its requests and errors.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const string TwoFrames = "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))";

    private readonly bool _hasScripts;

    public OpenPage(IPage page, bool hasScripts)
    {
        Page = page;
        _hasScripts = hasScripts;
        page.Request += (_, request) => Requests.Add(request.Request.Url);
        page.Console += (_, message) => Problems.Add($"{message.Message.Type}: {message.Message.Text}");
        page.PageError += (_, error) => Problems.Add(error.Message);
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>Returns the value of an expression after the browser has drawn the page: a ladder is made only then, because it needs its width.</summary>
    public async Task<T> Evaluate<T>(string expression)
    {
        if (_hasScripts)
            await Page.EvaluateExpressionAsync(TwoFrames).WaitAsync(ChildProgram.MaxWait);
        return await Page.EvaluateExpressionAsync<T>(expression);
    }

    /// <summary>Returns the text of the first element that a selector matches, as it is displayed.</summary>
    public Task<string> TextOf(string selector) => Evaluate<string>($"document.querySelector('{selector}').innerText");

    /// <summary>Returns the number of elements that a selector matches.</summary>
    public Task<int> Count(string selector) => Evaluate<int>($"document.querySelectorAll('{selector}').length");

    /// <summary>Presses keys, one after the other.</summary>
    public async Task Press(params string[] keys)
    {
        foreach (string key in keys)
            await Page.Keyboard.PressAsync(key);
    }

    /// <summary>Presses Tab until an element of a selector has the focus; the focus must always be visible.</summary>
    public async Task TabTo(string selector)
    {
        for (int i = 0; i < 60; i++)
        {
            await Press("Tab");
            Assert.NotEqual("none", await Evaluate<string>("getComputedStyle(document.activeElement).outlineStyle"));
            if (await Evaluate<bool>($"document.activeElement.matches('{selector}')"))
                return;
        }

        Assert.Fail($"Tab does not reach {selector}");
    }

    public ValueTask DisposeAsync() => Page.DisposeAsync();
}
