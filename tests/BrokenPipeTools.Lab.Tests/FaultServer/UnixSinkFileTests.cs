using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A server that stops removes its own socket's file, and nothing that has taken its place.</summary>
public sealed class UnixSinkFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-sink-").FullName;

    private string SocketPath => Path.Combine(_folder, "x.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_own_socket_is_removed()
    {
        StartThen(static () => { });
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_in_its_place_stays()
    {
        StartThen(() =>
        {
            File.Delete(SocketPath);
            File.WriteAllText(SocketPath, "precious");
        });
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void Another_programs_socket_in_its_place_stays()
    {
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        StartThen(() =>
        {
            Thread.Sleep(20); // the clock of file systems has ticks
            File.Delete(SocketPath);
            other.Bind(new UnixDomainSocketEndPoint(SocketPath)); // on many file systems with the same inode number
            other.Listen();
        });
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_link_in_its_place_and_the_file_behind_it_stay()
    {
        string moved = Path.Combine(_folder, "moved.sock");
        StartThen(() =>
        {
            File.Move(SocketPath, moved);
            File.CreateSymbolicLink(SocketPath, moved);
        });
        Assert.Equal([moved, SocketPath], Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_missing_folder_is_not_an_error()
    {
        string folder = Path.Combine(_folder, "inner");
        Directory.CreateDirectory(folder);
        BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.UnixSink, UnixSocketPath = Path.Combine(folder, "x.sock") });
        Directory.Delete(folder, recursive: true);
        server.Stop();
        Assert.False(server.IsRunning);
    }

    private void StartThen(Action meanwhile)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.UnixSink, UnixSocketPath = SocketPath });
        meanwhile();
    }
}
