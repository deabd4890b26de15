using System.Management.Automation;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Probing;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Module;

/// <summary>The payload of a probe has a bound, and no more than that is read or stored, from any source.</summary>
public sealed class PayloadFileTests
{
    [Fact]
    public void A_device_without_an_end_is_read_no_further_than_the_bound()
    {
        if (OperatingSystem.IsWindows())
            return; // the file does not exist
        long before = GC.GetAllocatedBytesForCurrentThread();
        IOException refused = Assert.Throws<IOException>(() => PayloadFile.Read("/dev/zero"));
        Assert.Contains("/dev/zero: larger than 16 MiB, the limit for a payload", refused.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 128 << 20);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(TeardownOptions.MaxPayloadBytes, true)]
    [InlineData(TeardownOptions.MaxPayloadBytes + 1, false)]
    public void A_file_may_be_as_long_as_the_bound(int length, bool fits)
    {
        string file = Path.GetTempFileName();
        try
        {
            using (FileStream written = File.OpenWrite(file))
                written.SetLength(length);
            if (fits)
                Assert.Equal(length, PayloadFile.Read(file).Length);
            else
                Assert.Throws<IOException>(() => PayloadFile.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Standard_input_without_an_end_is_one_line_and_exit_code_1()
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram process = ChildProgram.Start(Brokenpipe.With("teardown", "127.0.0.1", "80", "--payload-file", "-"));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        byte[] chunk = new byte[1 << 20];
        try
        {
            while (true)
                await process.StandardInput.BaseStream.WriteAsync(chunk);
        }
        catch (IOException)
        {
            // EPIPE: the process has ended
        }

        string error = Assert.Single((await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((1, "brokenpipe: PayloadReadFailed: standard input: larger than 16 MiB, the limit for a payload"), (process.ExitCode, error));
    }

    [Fact]
    public void A_payload_of_the_cmdlet_has_the_same_bound()
    {
        PayloadAttribute payload = new();
        Assert.Equal(TeardownOptions.MaxPayloadBytes, Assert.IsType<byte[]>(payload.Transform(null!, new byte[TeardownOptions.MaxPayloadBytes])).Length);
        foreach (object tooLong in new object[] { new byte[TeardownOptions.MaxPayloadBytes + 1], new string('x', TeardownOptions.MaxPayloadBytes + 1), Endless() })
            Assert.Throws<ArgumentTransformationMetadataException>(() => payload.Transform(null!, tooLong));
        Assert.Throws<ArgumentException>(() => new TeardownOptions { Payload = new byte[TeardownOptions.MaxPayloadBytes + 1] }.Validate());
    }

    private static IEnumerable<object> Endless()
    {
        object zero = (byte)0;
        while (true)
            yield return zero;
    }
}
