using System.Net.NetworkInformation;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Tests.Kernel;

/// <summary>Recorded answers of the kernel to a request for all sockets, complete and damaged.</summary>
public sealed class DiagnosticMessageTests
{
    private const uint Request = 1;

    /// <summary>Linux 6.18: a socket in CLOSE_WAIT with 144 unread bytes and an unread FIN, and the end of the list.</summary>
    private static readonly byte[] Recorded = Convert.FromHexString(
        "C0010000140002000100000000000000020800008299C5547F0000010000000000000000000000007F0000010000000000000000000000000000000036110000"
        + "00000000000000009100000000000000000000007B7EA600050008000100000008000F00000000000C0015000100000000000000060016005200000028000700"
        + "D00300000000020000000000001E3C00300C0000000000000000000000000000000000001C010200080000000007AA01E01C0300409C00000080000018020000"
        + "0000000000000000000000000000000000000000C00B000000000000C00B0000C00B0000FFFF0000CBFF00001C0000000E000000FFFFFF7F0A000000CBFF0000"
        + "0300000000000000CBFF0000000000002B907AC907000000FFFFFFFFFFFFFFFF000000000000000091000000000000000200000004000000000000001C000000"
        + "01000000000000000000000000000000000000000000000000000000000000000000000000000000010000000000000000000000000000000000000000000000"
        + "00000000000000000000000000000100000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "1400000003000200010000000000000000000000");

    [Fact]
    public void A_recorded_socket_is_read()
    {
        List<DiagnosedSocket> sockets = [];
        DumpProgress progress = DiagnosticMessages.Read(Recorded, Request, sockets);
        Assert.Equal(new DumpProgress(IsDone: true, Errno: 0, IsInterrupted: false), progress);
        DiagnosedSocket socket = Assert.Single(sockets);
        Assert.Equal((TcpState.CloseWait, "127.0.0.1:33433", "127.0.0.1:50516"), (socket.State, $"{socket.Local}", $"{socket.Remote}"));
        Assert.Equal((144, 0L), (SocketPrediction.UnreadBytes(socket), SocketLine.UnackedBytes(socket)));
        Assert.Equal(("ok", "ok"), SocketPrediction.Of(socket));
        Assert.Equal("java[22664]: CLOSE_WAIT for 3 s, 144 bytes unread, has not closed", SocketLine.Of(socket, [new SocketOwner(22664, "java")]));
    }

    [Fact]
    public void Answers_to_another_request_are_skipped()
    {
        List<DiagnosedSocket> sockets = [];
        Assert.Equal(default, DiagnosticMessages.Read(Recorded, Request + 1, sockets));
        Assert.Empty(sockets);
    }

    [Fact]
    public void An_error_ends_the_dump()
    {
        byte[] refused = [36, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, .. new byte[16]]; // NLMSG_ERROR, -ENOENT
        Assert.Equal(new DumpProgress(IsDone: true, Errno: 2, IsInterrupted: false), DiagnosticMessages.Read(refused, Request, []));
    }

    [Fact]
    public void Messages_that_are_cut_short_are_skipped()
    {
        for (int length = 0; length < Recorded.Length; length++)
        {
            List<DiagnosedSocket> sockets = [];
            DumpProgress progress = DiagnosticMessages.Read(Recorded.AsSpan(0, length), Request, sockets);
            Assert.False(progress.IsDone && length < Recorded.Length - 4, $"{length} bytes");
            Assert.InRange(sockets.Count, 0, 1);
        }
    }

    [Fact]
    public void Damage_causes_no_exception()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. Recorded];
            for (int j = random.Next(1, 8); j > 0; j--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            List<DiagnosedSocket> sockets = [];
            DiagnosticMessages.Read(damaged, Request, sockets);
            foreach (DiagnosedSocket socket in sockets)
            {
                Assert.NotEqual("", SocketLine.Of(socket, []));
                Assert.True(SocketPrediction.UnreadBytes(socket) >= 0 && SocketLine.UnackedBytes(socket) is null or >= 0);
            }
        }
    }
}
