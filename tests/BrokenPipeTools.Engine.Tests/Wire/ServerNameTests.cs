using System.Text;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Wire;

public class ServerNameTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nUser-Agent: x\r\nHost: www.example.org:8080\r\n\r\n", "www.example.org:8080")]
    [InlineData("POST /a HTTP/1.1\r\nhost:[2001:db8::1]:80\r\n\r\nbody", "[2001:db8::1]:80")]
    [InlineData("CONNECT db.example.org:443 HTTP/1.1\r\n\r\n", "db.example.org:443")]
    [InlineData("GET / HTTP/1.1\r\nX-Host: a\r\n\r\n", null)]
    [InlineData("GET / HTTP/1.1\r\n\r\nHost: body", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: cut.exam", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\u001b[2Jb\r\n\r\n", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: =cmd\r\n\r\n", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: b\u00fccher.example\r\n\r\n", null)]
    [InlineData("GET / HTTP/1.1\r\nHost: \r\n\r\n", null)]
    [InlineData("GETTING Host: x\r\n", null)]
    public void The_server_name_is_the_Host_of_an_HTTP_request(string request, string? expected) =>
        Assert.Equal(expected, Name(Encoding.Latin1.GetBytes(request)));

    [Theory]
    [InlineData("db.example.org", "db.example.org")]
    [InlineData("under_score.example", "under_score.example")]
    [InlineData("a\u202eb", null)]
    [InlineData("a b", null)]
    [InlineData("", null)]
    public void The_server_name_is_that_of_a_ClientHello(string name, string? expected) => Assert.Equal(expected, Name(ClientHello(name)));

    [Fact]
    public void A_name_of_255_characters_is_the_longest()
    {
        Assert.Equal(255, Name(ClientHello(new string('a', 255)))!.Length);
        Assert.Null(Name(ClientHello(new string('a', 256))));
    }

    [Fact]
    public void A_cut_ClientHello_has_no_name_and_any_cut_is_harmless()
    {
        byte[] hello = ClientHello("db.example.org");
        for (int length = 1; length < hello.Length - 4; length++)
            Assert.Null(Name(hello[..length]));
    }

    /// <summary>
    /// A post-quantum key share makes the ClientHello longer than a segment, and the name may come after it. Here the extensions begin at 56, 63 and
    /// 1283.
    /// </summary>
    [Theory]
    [InlineData(60, true)]
    [InlineData(63, true)]
    [InlineData(65, false)] // the four bytes before an extension are split
    [InlineData(300, true)]
    [InlineData(1282, true)]
    [InlineData(1283, true)]
    [InlineData(1286, false)]
    [InlineData(1300, false)] // the name is split
    public void A_name_in_the_second_segment_of_a_ClientHello_is_found(int cut, bool found)
    {
        byte[] hello = ClientHello("db.example.org", keyShare: 1216);
        Assert.Equal(found ? "db.example.org" : null, Name(hello[..cut], hello[cut..]));
    }

    [Fact]
    public void A_name_in_the_third_segment_of_a_ClientHello_is_found()
    {
        byte[] hello = ClientHello("db.example.org", keyShare: 1216);
        Assert.Equal("db.example.org", Name(hello[..300], hello[300..800], hello[800..]));
    }

    [Fact]
    public void Only_the_rest_of_a_ClientHello_may_name_the_server_later()
    {
        byte[] hello = ClientHello("db.example.org", keyShare: 1216);
        byte[] rest = hello[600..];
        Assert.Null(Name(hello[..600], [1, 2, 3, 4, 5], rest)); // other bytes in between
        Assert.Null(Name(ClientHello("", keyShare: 0), rest)); // the ClientHello has ended
        Assert.Null(PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA hex={Convert.ToHexString(hello[..600])}\nS:DATA hex={Convert.ToHexString(rest)}").ServerName);
    }

    [Fact]
    public void Only_the_first_payload_names_the_server()
    {
        string first = Convert.ToHexString(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: one\r\n\r\n"));
        string second = Convert.ToHexString(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: two\r\n\r\n"));
        Assert.Equal("one", PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA hex={first}\nS:DATA(9)\nC:DATA hex={second}").ServerName);
        Assert.Null(PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(7)\nS:DATA(9)\nC:DATA hex={second}").ServerName);
    }

    [Fact]
    public void More_names_than_the_table_holds_are_correct()
    {
        StringBuilder script = new();
        for (int i = 0; i < 20_000; i++)
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"C:DATA conn={i} hex={Convert.ToHexString(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: h{i}\r\n\r\n"))}\n");
        Assert.All(PacketScript.Run(script.ToString()), record => Assert.Equal($"h{record.Stream}", record.ServerName));
    }

    private static string? Name(params byte[][] payloads) =>
        PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{string.Join('\n', payloads.Select(payload => $"C:DATA hex={Convert.ToHexString(payload)}"))}").ServerName;

    private static byte[] ClientHello(string name, int keyShare = 0)
    {
        byte[] host = Encoding.UTF8.GetBytes(name);
        byte[] entry = [0, .. Two(host.Length), .. host];
        byte[] extension = [0, 0, .. Two(entry.Length + 2), .. Two(entry.Length), .. entry];
        byte[] other = [0, 43, 0, 3, 2, 3, 4];
        byte[] share = keyShare == 0 ? [] : [0, 51, .. Two(keyShare), .. TcpPacket.Bytes(keyShare)];
        byte[] extensions = [.. other, .. share, .. extension];
        byte[] body = [3, 3, .. TcpPacket.Bytes(32), 2, 7, 7, .. Two(4), 0x13, 1, 0x13, 2, 1, 0, .. Two(extensions.Length), .. extensions];
        byte[] handshake = [1, 0, .. Two(body.Length), .. body];
        return [22, 3, 1, .. Two(handshake.Length), .. handshake];
    }

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];
}
