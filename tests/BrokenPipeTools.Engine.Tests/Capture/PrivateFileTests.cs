using System.Runtime.Versioning;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Only its owner may read a written capture, and it is never written through a link at its path.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Precious = "precious";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-private-").FullName;

    private string Target => Path.Combine(_folder, "target");

    private string Capture => Path.Combine(_folder, "x.pcapng");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_file_is_for_its_owner_alone(bool overwrite)
    {
        PcapWriter.Create(Capture, overwrite).Dispose();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Capture));
    }

    [Fact]
    public void A_file_that_others_may_read_or_that_has_another_name_is_replaced()
    {
        File.WriteAllText(Target, Precious);
        File.SetUnixFileMode(Target, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.Equal(0, ChildProgram.Run("ln", Target, Capture).ExitCode);

        PcapWriter.Create(Capture, overwrite: true).Dispose();

        Assert.Equal((OwnerOnly, Precious), (File.GetUnixFileMode(Capture), File.ReadAllText(Target)));
        Assert.True(new FileInfo(Capture).Length > 0);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_symbolic_link_is_not_followed(bool overwrite, bool dangling)
    {
        if (!dangling)
            File.WriteAllText(Target, Precious);
        File.CreateSymbolicLink(Capture, Target);

        IOException refused = Assert.Throws<IOException>(() => PcapWriter.Create(Capture, overwrite));

        Assert.Equal(overwrite, refused.Message.Contains("symbolic link", StringComparison.Ordinal));
        Assert.Equal(dangling ? null : Precious, File.Exists(Target) ? File.ReadAllText(Target) : null);
        Assert.Equal(Target, new FileInfo(Capture).LinkTarget);
    }

    [Fact]
    public void Nothing_but_a_regular_file_is_replaced()
    {
        Directory.CreateDirectory(Capture);
        Assert.Contains("a directory", Assert.Throws<IOException>(() => PcapWriter.Create(Capture, overwrite: true)).Message, StringComparison.Ordinal);
        string pipe = Path.Combine(_folder, "pipe");
        Assert.Equal(0, ChildProgram.Run("mkfifo", pipe).ExitCode);
        if (OperatingSystem.IsLinux())
            Assert.Contains("not a regular file", Assert.Throws<IOException>(() => PcapWriter.Create(pipe, overwrite: true)).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Capture) && File.Exists(pipe));
    }

    /// <summary>Another process repeatedly replaces the file by a link, between the check and the open.</summary>
    [Fact]
    public void A_link_that_takes_its_place_at_the_last_moment_is_not_followed()
    {
        File.WriteAllText(Target, Precious);
        using CancellationTokenSource end = new();
        Thread swapper = new(() =>
        {
            string link = Path.Combine(_folder, "link");
            while (!end.IsCancellationRequested)
            {
                File.CreateSymbolicLink(link, Target);
                File.Move(link, Capture, overwrite: true);
                File.WriteAllText(link, "");
                File.Move(link, Capture, overwrite: true);
            }
        });
        swapper.Start();
        int created = 0;
        int refused = 0;
        for (long begin = Environment.TickCount64; (created < 50 || refused < 50) && Environment.TickCount64 - begin < 20_000;)
        {
            try
            {
                PcapWriter.Create(Capture, overwrite: true).Dispose();
                created++;
            }
            catch (IOException)
            {
                refused++;
            }
        }

        end.Cancel();
        swapper.Join();
        Assert.Equal(Precious, File.ReadAllText(Target));
        Assert.True(created > 0 && refused > 0, $"{created} created, {refused} refused");
    }

    [Fact]
    public void An_entry_equals_itself_and_not_a_later_file_with_its_name()
    {
        File.WriteAllText(Capture, "");
        FileEntry? first = FileEntry.Of(Capture);
        Assert.Equal(FileKind.Regular, first!.Value.Kind);
        File.AppendAllText(Capture, "more");
        Assert.Equal(first, FileEntry.Of(Capture));
        File.Delete(Capture);
        Assert.Null(FileEntry.Of(Capture));
        Thread.Sleep(20); // the clock of file systems has a coarse resolution
        File.WriteAllText(Capture, ""); // on many file systems with the same inode number
        Assert.NotEqual(first, FileEntry.Of(Capture));
    }
}
