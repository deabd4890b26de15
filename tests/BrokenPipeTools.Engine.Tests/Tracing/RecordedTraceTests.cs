using System.Runtime.Versioning;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Testing.Captures;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>Recorded pages of Linux 6.18: four scenarios of the lab, one after another.</summary>
[SupportedOSPlatform("linux")]
public sealed class RecordedTraceTests
{
    [LinuxFact]
    public void Recorded_pages_give_the_failed_calls_with_their_causes()
    {
        IReadOnlyList<TracedFailure> failures = TraceRecording.Load(TraceRecording.Shipped).Failures();
        string[] seen = [.. failures.Select(one => $"{one.Kind} {one.Direction} {one.Errno} {one.Cause} {one.Confidence} {one.ClosedBy} {one.ResetReason}".TrimEnd())];
        Assert.Equal(
        [
            "Tcp Write EPIPE WriteAfterPeerClose High Peer TCP_TIMEWAIT_SOCKET",
            "Tcp Read ECONNRESET UnreadDataDiscarded High Peer TCP_ABORT_ON_CLOSE",
            "Tcp Write EPIPE UnreadDataDiscarded High Peer TCP_ABORT_ON_CLOSE",
            "Tcp Connect ECONNREFUSED ConnectionRefused High Unknown NO_SOCKET",
            "Tcp Write EPIPE ConnectionRefused High Unknown NO_SOCKET",
            "Tcp Read ENOTCONN ConnectionRefused High Unknown NO_SOCKET",
            "Pipe Write EPIPE WriteAfterPeerClose High Unknown",
            "Pipe Write EPIPE WriteAfterPeerClose High Unknown",
        ], seen);
        TracedFailure first = failures[0];
        Assert.Matches(@"^\S.*\[\d+\] wrote to 127\.0\.0\.1:\d+: EPIPE\. The server, .+, closed 0\.\d s earlier \(FIN\); the first write after that was answered with a RST \(TCP_TIMEWAIT_SOCKET\)\.$", first.Explanation);
        Assert.Equal((EndpointRole.Client, "CLOSE", PipeSignal.Ignored, "EPIPE"), (first.Role, first.TcpState, first.Signal, first.ErrorArmed));
        Assert.InRange(first.ClosedBefore!.Value, 0.3, 60);
        Assert.Contains(first.Evidence, line => line.Contains("FIN received", StringComparison.Ordinal));
    }

    /// <summary>Any bytes cause no exception, and no more events than the bytes can contain.</summary>
    [LinuxFact]
    public void Damaged_pages_and_formats_never_throw()
    {
        TraceRecording whole = TraceRecording.Load(TraceRecording.Shipped);
        int intact = whole.Events().Count;
        Random random = new(16);
        int fewer = 0;
        for (int run = 0; run < 400; run++)
        {
            byte[][] pages = [.. whole.Pages.Select(page => Damage(page, random))];
            string layout = run % 5 == 0 ? Cut(whole.Layout, random) : whole.Layout;
            (string, string)[] formats = [.. whole.Formats.Select(one => (one.Name, run % 3 == 0 ? Cut(one.Format, random) : one.Format))];
            TraceRecording damaged = whole with { Pages = pages, Layout = layout, Formats = formats };
            int events = damaged.Events().Count;
            Assert.InRange(events, 0, whole.Pages.Count * PageLayout.Common.PageSize / 8);
            fewer += events < intact ? 1 : 0;
            Assert.All(damaged.Failures(), failure => Assert.NotEmpty(failure.Explanation));
        }

        Assert.True(fewer > 0, "the damage reached no event");
    }

    [LinuxFact]
    public void Events_that_cannot_be_read_count_as_lost()
    {
        TraceRecording whole = TraceRecording.Load(TraceRecording.Shipped);
        int intact = whole.Events(out long none).Count;
        Assert.Equal(0, none);

        TraceRecording cut = whole with { Pages = [whole.Pages[0][..100], .. whole.Pages.Skip(1)] }; // shorter than its length field
        Assert.True(cut.Events(out long lost).Count < intact);
        Assert.Equal(1, lost);

        byte[] torn = [.. whole.Pages[0]];
        torn[PageLayout.Common.DataOffset] = 0; // the first event has its length in the next four bytes
        torn.AsSpan(PageLayout.Common.DataOffset + 4, 4).Fill(0x7F);
        Assert.True((whole with { Pages = [torn, .. whole.Pages.Skip(1)] }).Events(out lost).Count < intact);
        Assert.Equal(1, lost);

        byte[] brief = [.. whole.Pages[0]];
        int words = brief[PageLayout.Common.DataOffset] & 31;
        Assert.InRange(words, 9, 28); // the first event's length in words
        brief[PageLayout.Common.DataOffset] -= 8; // half of its fields, without another event after it
        (whole with { Pages = [brief, .. whole.Pages.Skip(1)] }).Events(out lost);
        Assert.True(lost > 0);
    }

    [Fact]
    public void Lost_events_are_counted_by_the_page_or_known_to_be_some()
    {
        byte[] page = new byte[64];
        page[11] = 0xC0; // both flags: events were missed, and their count follows the data
        page[16] = 200;
        Assert.True(RingPage.TryRead(page, PageLayout.Common, out RingPage counted));
        Assert.Equal(200, counted.Lost);
        page[11] = 0x80;
        Assert.True(RingPage.TryRead(page, PageLayout.Common, out RingPage uncounted));
        Assert.Equal(-1, uncounted.Lost);
        page[8] = 65; // a length beyond the end
        Assert.False(RingPage.TryRead(page, PageLayout.Common, out _));
    }

    private static byte[] Damage(byte[] page, Random random)
    {
        byte[] damaged = page[..random.Next(page.Length - 64, page.Length + 1)];
        for (int i = random.Next(1, 40); i > 0; i--)
            damaged[random.Next(Math.Min(damaged.Length, 3000))] = (byte)random.Next(256);
        return damaged;
    }

    private static string Cut(string text, Random random)
    {
        char[] characters = text.ToCharArray();
        for (int i = random.Next(1, 20); i > 0; i--)
            characters[random.Next(characters.Length)] = "0123456789;:{}\n"[random.Next(15)];
        return new string(characters)[..random.Next(text.Length / 2, text.Length)];
    }
}
