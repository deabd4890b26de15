using System.IO.Pipes;
using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Tests.Capture;

public class InterruptibleStreamTests
{
    [Fact]
    public void All_bytes_are_forwarded()
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
        Assert.Throws<OperationCanceledException>(() => stream.ReadByte());

        // The abandoned read continues until its writer closes. If the reader were closed first, it would wait for that read, and the read for the
        // writer.
        stream.Dispose();
        writer.Dispose();
    }

    [Fact]
    public void An_exception_of_the_open_call_is_thrown_unchanged()
    {
        using InterruptibleStream stream = new(() => throw new UnauthorizedAccessException("no"), CancellationToken.None);
        Assert.Throws<UnauthorizedAccessException>(() => stream.ReadByte());
    }
}
