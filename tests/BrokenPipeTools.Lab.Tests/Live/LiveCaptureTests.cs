using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Live;

public sealed class LiveCaptureTests
{
    /// <summary>No test needs a second; this is only a limit for a failure.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [LiveTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frames_have_the_time_of_their_capture_in_nanoseconds(bool ipv6)
    {
        using LoopbackServer server = new(ipv6);
        using ILiveCapture capture = CaptureLibrary.Instance.Open(server.Options);
        long before = Now();
        for (int i = 0; i < 20; i++)
            server.Exchange();
        capture.Stop();
        List<long> times = [];
        while (capture.TryRead(out Frame frame))
        {
            Assert.Equal(times.Count + 1, frame.Number);
            Assert.Equal(frame.OriginalLength, frame.Data.Length);
            times.Add(frame.Time);
        }

        Assert.InRange(times.Count, 20 * 6, 20 * 10);
        const long Slack = 50_000_000;
        Assert.All(times, t => Assert.InRange(t, before - Slack, Now() + Slack));
        Assert.Contains(times, t => t % 1000 != 0);
    }

    [LiveFact]
    public void Other_packets_are_kept_out_by_the_filter()
    {
        using LoopbackServer server = new();
        using LoopbackServer other = new();
        using CloseAnalyzer analyzer = new(CaptureLibrary.Instance.Open(server.Options with { Duration = TimeSpan.FromMilliseconds(200) }));
        other.Exchange();
        server.Exchange();
        other.Exchange();
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.Equal(server.Port, record.ServerPort);
        Assert.False(analyzer.TryNext(out _));
    }

    [LiveTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_packet_from_before_the_stop_is_lost(bool immediate)
    {
        const int Count = 2000;
        using LoopbackServer server = new();

        // The buffer has room for all frames, in case the reader does not run. (Loopback passes each frame twice, and both need a slot.)
        LiveCaptureOptions options = server.Options with { Immediate = immediate, BufferSize = 64 << 20, SnapLength = immediate ? 512 : LiveCaptureOptions.WholeFrames };
        ILiveCapture capture = CaptureLibrary.Instance.Open(options);
        using CloseAnalyzer analyzer = new(capture);
        Task<List<ConnectionClose>> reading = Task.Factory.StartNew(() => ReadAll(analyzer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (int i = 0; i < Count; i++)
            server.Exchange();
        capture.Stop();
        List<ConnectionClose> records = await reading.WaitAsync(MaxWait);
        Assert.Equal(0, capture.DroppedFrames);
        Assert.Equal(Count, records.Count);
        Assert.All(records, r => Assert.Equal((CaptureQuality.Complete, "S:RST"), (r.CaptureQuality, r.Sequence)));
    }

    [LiveFact]
    public void Frames_captured_before_the_first_read_can_be_read_after_the_stop()
    {
        using LoopbackServer server = new();
        for (int round = 0; round < 5; round++)
        {
            ILiveCapture capture = CaptureLibrary.Instance.Open(server.Options);
            using CloseAnalyzer analyzer = new(capture);
            server.Exchange();
            capture.Stop();
            capture.Stop();
            Assert.Equal("S:RST", Assert.Single(ReadAll(analyzer)).Sequence);
        }
    }

    /// <summary>SharpPcap's own StopCapture loses the frames that the kernel still holds. Here, reading continues after the stop, so none may be lost.</summary>
    [LiveFact]
    public void Twenty_captures_of_200_packets_lose_none_when_they_are_stopped()
    {
        const int Packets = 200;
        using Socket receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Connect(receiver.LocalEndPoint!);
        LiveCaptureOptions options = new() { InterfaceName = Loopback.Name, Filter = $"udp port {((IPEndPoint)receiver.LocalEndPoint!).Port}" };
        for (int round = 0; round < 20; round++)
        {
            using ILiveCapture capture = CaptureLibrary.Instance.Open(options);
            for (int i = 0; i < Packets; i++)
                sender.Send([(byte)i]);
            capture.Stop();
            HashSet<byte> read = [];
            while (capture.TryRead(out Frame frame))
                read.Add(frame.Data[^1]);
            Assert.Equal((Packets, 0), (read.Count, capture.DroppedFrames));
        }
    }

    [LiveFact]
    public void A_record_is_written_while_the_capture_continues_without_packets()
    {
        using LoopbackServer server = new();
        using CancellationTokenSource limit = new(MaxWait);
        using CloseAnalyzer analyzer = new(CaptureLibrary.Instance.Open(server.Options), new AnalyzerOptions { Linger = TimeSpan.FromMilliseconds(300) });
        server.ExchangeGracefully();
        Assert.True(analyzer.TryNext(out ConnectionClose? record, limit.Token));
        Assert.Equal("Graceful", record.State.ToString());
        Assert.StartsWith("S:FIN", record.Sequence, StringComparison.Ordinal);
    }

    [LiveFact]
    public void Open_connections_follow_when_the_duration_is_over()
    {
        using LoopbackServer server = new();
        using CloseAnalyzer analyzer = new(CaptureLibrary.Instance.Open(server.Options with { Duration = TimeSpan.FromMilliseconds(300) }));
        (TcpClient client, TcpClient accepted) = server.Connect();
        using (client)
        using (accepted)
            Assert.Equal("Open", Assert.Single(ReadAll(analyzer)).State.ToString());
    }

    [LiveFact]
    public void Cancellation_works_on_an_idle_link()
    {
        using LoopbackServer server = new();
        using CloseAnalyzer analyzer = new(CaptureLibrary.Instance.Open(server.Options));
        using CancellationTokenSource cancel = new(50);
        Assert.Throws<OperationCanceledException>(() => analyzer.TryNext(out _, cancel.Token));
    }

    [LiveFact]
    public void Frames_for_which_the_kernel_had_no_room_are_counted_and_lower_the_quality()
    {
        using LoopbackServer server = new();
        ILiveCapture capture = CaptureLibrary.Instance.Open(server.Options with { BufferSize = 256 << 10, Immediate = true });
        using CloseAnalyzer analyzer = new(capture);
        for (int i = 0; i < 50; i++)
            server.Exchange(); // the buffer is not read, and one of its slots is for 64 KiB
        capture.Stop();
        List<ConnectionClose> records = ReadAll(analyzer);
        Assert.True(capture.DroppedFrames > 100, $"{capture.DroppedFrames} dropped, {analyzer.Frames} read");
        Assert.Equal(capture.DroppedFrames, analyzer.DroppedFrames);
        Assert.NotEmpty(records);
        Assert.All(records, r => Assert.True(r.CaptureQuality.HasFlag(CaptureQuality.Drops)));
        Assert.Contains($"{capture.DroppedFrames} frames were dropped", CaptureSummary.LossOf(analyzer, Loopback.Name), StringComparison.Ordinal);
    }

    [LiveFact]
    public void A_short_snapshot_keeps_headers_only()
    {
        using LoopbackServer server = new();
        ILiveCapture capture = CaptureLibrary.Instance.Open(server.Options with { SnapLength = 96 });
        using CloseAnalyzer analyzer = new(capture);
        (TcpClient client, TcpClient accepted) = server.Connect();
        using (client)
        using (accepted)
            client.Client.Send(new byte[5000]);
        capture.Stop();
        ConnectionClose record = Assert.Single(ReadAll(analyzer));
        Assert.Equal(96, capture.SnapLength);
        Assert.Equal(5000, record.ClientBytes);
        Assert.True(record.CaptureQuality.HasFlag(CaptureQuality.Snapped));
    }

    [LiveFact]
    public void An_invalid_filter_is_reported_with_libpcaps_message()
    {
        LiveCaptureException e = Assert.Throws<LiveCaptureException>(() => CaptureLibrary.Instance.Open(new LiveCaptureOptions { InterfaceName = Loopback.Name, Filter = "tcp prot 80" }));
        Assert.Equal((LiveCaptureFault.BadFilter, Loopback.Name), (e.Fault, e.InterfaceName));
        Assert.Contains("'tcp prot 80'", e.Message, StringComparison.Ordinal);
        Assert.Contains("syntax error", e.Message, StringComparison.Ordinal);
    }

    [LiveFact]
    public void An_unknown_interface_is_reported_with_the_valid_names()
    {
        LiveCaptureException e = Assert.Throws<LiveCaptureException>(() => CaptureLibrary.Instance.Open(new LiveCaptureOptions { InterfaceName = "nosuch0" }));
        Assert.Equal(LiveCaptureFault.NoSuchInterface, e.Fault);
        Assert.Contains(Loopback.Name, e.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void It_is_opened_in_one_network_namespace_and_read_from_another()
    {
        ILiveCapture? capture = null;
        Exception? failure = null;
        Thread inside = new(() =>
        {
            try
            {
                Assert.Equal(0, NetworkNamespace.Unshare());
                Assert.Equal(0, ChildProgram.Run("ip", "link", "set", "lo", "up").ExitCode);
                using LoopbackServer server = new();
                capture = CaptureLibrary.Instance.Open(server.Options);
                server.Exchange();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        inside.Start();
        Assert.True(inside.Join(MaxWait));
        Assert.Null(failure);
        capture!.Stop();
        using CloseAnalyzer analyzer = new(capture);
        Assert.Equal("S:RST", Assert.Single(ReadAll(analyzer)).Sequence);
    }

    private static List<ConnectionClose> ReadAll(CloseAnalyzer analyzer)
    {
        using CancellationTokenSource limit = new(MaxWait);
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record, limit.Token))
            records.Add(record);
        Assert.Null(analyzer.Fault);
        return records;
    }

    private static long Now() => Nanoseconds.Since1970(DateTime.UtcNow);
}
