using System.Diagnostics;
using System.IO.Pipes;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Tests.Capture;

public class InterruptibleStreamTests
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(1);

    [Fact]
    public void Bytes_come_through_to_the_end()
    {
        byte[] bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();
        using InterruptibleStream stream = new(() => new MemoryStream(bytes), CancellationToken.None);
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        Assert.Equal(bytes, copy.ToArray());
    }

    [Fact]
    public void Cancellation_ends_a_read_that_waits_for_its_writer()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);
        using CancellationTokenSource cancel = new();
        using InterruptibleStream stream = new(() => reader, cancel.Token);
        cancel.CancelAfter(100);
        Stopwatch waited = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => stream.ReadByte());
        Assert.True(waited.Elapsed < Promptly + Promptly, $"{waited.Elapsed}");
        writer.WriteByte(1); // lets the abandoned read go, so that the pipe can be closed
    }

    [Fact]
    public void Failure_to_open_comes_out_as_it_is()
    {
        using InterruptibleStream stream = new(() => throw new UnauthorizedAccessException("no"), CancellationToken.None);
        Assert.Throws<UnauthorizedAccessException>(() => stream.ReadByte());
    }
}
