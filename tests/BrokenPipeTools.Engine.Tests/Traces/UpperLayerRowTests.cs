using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>Rows of a packet list that show an upper layer have no ports and no numbers: they are inferred from the rows around them.</summary>
public sealed class UpperLayerRowTests
{
    /// <summary>Both ends have the same address: only lengths and words show which end sent a row.</summary>
    [Fact]
    public void Two_ends_on_one_host_are_distinguished_by_the_numbers_after_the_rows()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(Open("127.0.0.1", "127.0.0.1", 35952, 389) + """
                4 0.000075    127.0.0.1 → 127.0.0.1    LDAP 110 bindRequest(1) "cn=admin" simple
                5 0.000079    127.0.0.1 → 127.0.0.1    TCP 66 389 → 35952 [ACK] Seq=1 Ack=45 Win=65536 Len=0 TSval=3 TSecr=3
                6 0.000320    127.0.0.1 → 127.0.0.1    LDAP 80 bindResponse(1) success
                7 0.000337    127.0.0.1 → 127.0.0.1    TCP 66 35952 → 389 [ACK] Seq=45 Ack=15 Win=65536 Len=0 TSval=3 TSecr=3
                8 0.000386    127.0.0.1 → 127.0.0.1    LDAP 174 searchRequest(2) "<ROOT>" wholeSubtree
                9 0.000664    127.0.0.1 → 127.0.0.1    LDAP 80 searchResDone(2) noSuchObject  [0 results]
               10 0.000713    127.0.0.1 → 127.0.0.1    LDAP 73 unbindRequest(3)
               11 0.000736    127.0.0.1 → 127.0.0.1    TCP 66 35952 → 389 [FIN, ACK] Seq=160 Ack=29 Win=65536 Len=0 TSval=4 TSecr=4
               12 0.000785    127.0.0.1 → 127.0.0.1    TCP 66 389 → 35952 [FIN, ACK] Seq=29 Ack=161 Win=65536 Len=0 TSval=4 TSecr=4
               13 0.000799    127.0.0.1 → 127.0.0.1    TCP 66 35952 → 389 [ACK] Seq=161 Ack=30 Win=65536 Len=0 TSval=4 TSecr=4
            """));

        Assert.Equal((CloseState.Graceful, 159L, 28L, "EOF"), (record.State, record.ClientBytes, record.ServerBytes, record.ServerRead));
    }

    [Fact]
    public void Rows_between_two_hosts_are_assigned_by_the_numbers_of_later_rows()
    {
        ConnectionClose[] records = [.. PrintedTrace.Read(Open("192.0.2.1", "198.51.100.3", 50001, 21) + """
                4 1.000000    192.0.2.1 → 198.51.100.3 TCP 74 50002 → 40021 [SYN] Seq=0 Win=65535 Len=0 MSS=1440 WS=2 TSval=9 TSecr=0 SACK_PERM
                5 1.010000 198.51.100.3 → 192.0.2.1    TCP 74 40021 → 50002 [SYN, ACK] Seq=0 Ack=1 Win=32768 Len=0 MSS=1440 WS=64 TSval=1 TSecr=9 SACK_PERM
                6 1.020000    192.0.2.1 → 198.51.100.3 TCP 66 50002 → 40021 [ACK] Seq=1 Ack=1 Win=65688 Len=0 TSval=9 TSecr=1
                7 1.030000    192.0.2.1 → 198.51.100.3 FTP 72 Request: LIST
                8 1.040000 198.51.100.3 → 192.0.2.1    FTP 121 Response: 150 Opening data connection.
                9 1.050000    192.0.2.1 → 198.51.100.3 TCP 66 50001 → 21 [ACK] Seq=7 Ack=56 Win=65632 Len=0 TSval=9 TSecr=1
               10 1.060000 198.51.100.3 → 192.0.2.1    FTP-DATA 408 FTP Data: 342 bytes (EPASV) (LIST)
               11 1.070000    192.0.2.1 → 198.51.100.3 TCP 66 50002 → 40021 [ACK] Seq=1 Ack=343 Win=65346 Len=0 TSval=9 TSecr=1
               12 1.080000 198.51.100.3 → 192.0.2.1    TCP 66 40021 → 50002 [FIN, ACK] Seq=343 Ack=1 Win=33088 Len=0 TSval=1 TSecr=9
               13 1.090000    192.0.2.1 → 198.51.100.3 TCP 66 50002 → 40021 [FIN, ACK] Seq=1 Ack=344 Win=65688 Len=0 TSval=9 TSecr=1
               14 1.100000 198.51.100.3 → 192.0.2.1    TCP 66 40021 → 50002 [ACK] Seq=344 Ack=2 Win=33088 Len=0 TSval=1 TSecr=9
            """).OrderBy(record => record.Stream)];

        Assert.Equal([(6L, 55L), (0L, 342L)], records.Select(record => (record.ClientBytes, record.ServerBytes)));
        Assert.Equal([CloseState.Open, CloseState.Graceful], records.Select(record => record.State));
    }

    /// <summary>A row of DNS is TCP only if the numbers show its bytes.</summary>
    [Theory]
    [InlineData(59, 227, CloseState.Graceful, 58)]
    [InlineData(1, 1, CloseState.Graceful, 0)]
    public void A_row_of_a_protocol_over_UDP_or_TCP_is_TCP_if_the_numbers_show_it(int client, int server, CloseState state, int bytes)
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(Open("192.0.2.1", "198.51.100.3", 33779, 53) + $"""
                4 0.127034    192.0.2.1 → 198.51.100.3 DNS 124 Standard query 0x4319 A www.example.com OPT
                5 0.252891 198.51.100.3 → 192.0.2.1    DNS 292 Standard query response 0x4319 A www.example.com A 192.0.2.46
                6 0.252931    192.0.2.1 → 198.51.100.3 TCP 66 33779 → 53 [FIN, ACK] Seq={client} Ack={server} Win=64014 Len=0 TSval=5 TSecr=5
                7 0.254957 198.51.100.3 → 192.0.2.1    TCP 66 53 → 33779 [FIN, ACK] Seq={server} Ack={client + 1} Win=64239 Len=0 TSval=5 TSecr=5
                8 0.380967    192.0.2.1 → 198.51.100.3 TCP 66 33779 → 53 [ACK] Seq={client + 1} Ack={server + 1} Win=64014 Len=0 TSval=5 TSecr=5
            """));

        Assert.Equal((state, (long)bytes, "EOF"), (record.State, record.ClientBytes, record.ServerRead));
    }

    [Fact]
    public void Rows_before_the_first_one_with_numbers_are_of_the_connection_that_it_shows()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("""
                1 0.000000    192.0.2.1 → 198.51.100.3 RESP 113 Request: AUTH notauser notapassword
                2 0.000056 198.51.100.3 → 192.0.2.1    TCP 66 6379 → 60010 [ACK] Seq=1 Ack=48 Win=6378 Len=0 TSval=17 TSecr=34
                3 0.000181 198.51.100.3 → 192.0.2.1    RESP 130 Response: Error: WRONGPASS
                4 0.000228    192.0.2.1 → 198.51.100.3 TCP 66 60010 → 6379 [ACK] Seq=48 Ack=65 Win=7255 Len=0 TSval=34 TSecr=17
            """));

        Assert.Equal((1L, 4, 47L, 64L), (record.FirstFrame, record.Packets, record.ClientBytes, record.ServerBytes));
    }

    /// <summary>Ports that no row shows are 0, and the record names the inferred data.</summary>
    [Fact]
    public void Rows_without_any_number_are_a_connection_without_ports()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("""
                1 0.000000 192.0.2.1 → 198.51.100.3 BGP 91 UPDATE Message
                2 0.100000 198.51.100.3 → 192.0.2.1 BGP 73 KEEPALIVE Message
                3 0.200000 192.0.2.1 → 198.51.100.3 SNMP 91 get-request 1.3.6.1
            """));

        Assert.Equal((2, 0, 0, CloseState.Open), (record.Packets, record.ClientPort, record.ServerPort, record.State));
        Assert.True(record.CaptureQuality.HasFlag(CaptureQuality.InferredNumbers));
    }

    /// <summary>The FIN that ends a body without a length completes the message, so Wireshark shows the response again on an empty segment.</summary>
    [Fact]
    public void An_empty_row_that_completes_a_message_is_a_FIN()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(Open("192.0.2.1", "198.51.100.3", 44188, 43, hasTimestamps: false) + """
                4 0.117502    192.0.2.1 → 198.51.100.3 WHOIS 67 Query: example.com
                5 0.117723 198.51.100.3 → 192.0.2.1    TCP 60 43 → 44188 [ACK] Seq=1 Ack=14 Win=65535 Len=0
                6 0.237722 198.51.100.3 → 192.0.2.1    TCP 287 Answer: example.com [TCP segment of a reassembled PDU]
                7 0.238236    192.0.2.1 → 198.51.100.3 TCP 54 44188 → 43 [ACK] Seq=14 Ack=234 Win=30016 Len=0
                8 0.238548 198.51.100.3 → 192.0.2.1    WHOIS 60 Answer: example.com
                9 0.280758    192.0.2.1 → 198.51.100.3 TCP 54 44188 → 43 [ACK] Seq=14 Ack=235 Win=30016 Len=0
               10 0.301814    192.0.2.1 → 198.51.100.3 TCP 54 44188 → 43 [FIN, ACK] Seq=14 Ack=235 Win=30016 Len=0
               11 0.303065 198.51.100.3 → 192.0.2.1    TCP 60 43 → 44188 [ACK] Seq=235 Ack=15 Win=65535 Len=0
            """));

        Assert.Equal((CloseState.Graceful, ClosedBy.Server, 8L, 233L), (record.State, record.ClosedBy, record.ServerFinFrame, record.ServerBytes));
    }

    [Fact]
    public void A_row_that_is_sent_again_has_the_number_of_the_first_one()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(Open("192.0.2.1", "198.51.100.3", 53206, 22) + """
                4 0.044838    192.0.2.1 → 198.51.100.3 SSHv2 1458 Client: Key Exchange Init
                5 0.344838    192.0.2.1 → 198.51.100.3 SSHv2 1458 Client: [TCP Fast Retransmission] , Key Exchange Init
                6 0.344850 198.51.100.3 → 192.0.2.1    TCP 66 22 → 53206 [ACK] Seq=1 Ack=1393 Win=31872 Len=0 TSval=26 TSecr=10
                7 0.345000    192.0.2.1 → 198.51.100.3 TCP 66 53206 → 22 [FIN, ACK] Seq=1393 Ack=1 Win=31872 Len=0 TSval=26 TSecr=10
            """));

        Assert.Equal((2784L, 1, 0L), (record.ClientBytes, record.ClientRetransmissions, record.ClientUnacked ?? -1));
    }

    /// <summary>A RST in answer to close_notify loses no data.</summary>
    [Theory]
    [InlineData("Encrypted Alert", CloseState.Graceful, Cause.NormalClose)]
    [InlineData("Encrypted Handshake Message", CloseState.Reset, Cause.WriteAfterPeerClose)]
    public void The_TLS_record_that_a_row_shows_is_evidence(string shown, CloseState state, Cause cause)
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(Open("192.0.2.1", "198.51.100.3", 58530, 443) + $"""
               31 5.975000    192.0.2.1 → 198.51.100.3 TLSv1.2 97 Encrypted Alert
               32 5.975082    192.0.2.1 → 198.51.100.3 TCP 66 58530 → 443 [FIN, ACK] Seq=32 Ack=1 Win=131072 Len=0 TSval=70 TSecr=12
               33 5.999064 198.51.100.3 → 192.0.2.1    TLSv1.2 97 {shown}
               34 5.999069 198.51.100.3 → 192.0.2.1    TCP 66 443 → 58530 [FIN, ACK] Seq=32 Ack=33 Win=15616 Len=0 TSval=12 TSecr=70
               35 5.999220    192.0.2.1 → 198.51.100.3 TCP 54 58530 → 443 [RST] Seq=33 Win=0 Len=0
            """));

        Assert.Equal((state, cause), (record.State, record.Cause));
    }

    /// <summary>Names whose version is a separate word, and control characters of a payload.</summary>
    [Theory]
    [InlineData("DNP 3.0 93 Read, Class 0123")]
    [InlineData("IRC 93 Request (\u0001\u0002\u0003)")]
    public void The_length_of_a_row_is_found(string row)
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read($"""
                1 0.000000 192.0.2.1 → 198.51.100.3 {row}
                2 0.000379 198.51.100.3 → 192.0.2.1 TCP 66 20000 → 51006 [FIN, ACK] Seq=1 Ack=28 Win=65700 Len=0 TSval=12 TSecr=70
            """));

        Assert.Equal((2, 27L), (record.Packets, record.ClientBytes + record.ServerBytes));
    }

    /// <summary>A row that cannot be placed may belong to any connection, so only connections that lack nothing have a High confidence.</summary>
    [Fact]
    public void A_row_with_addresses_of_another_layer_is_a_loss()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(Open("192.0.2.1", "198.51.100.3", 56068, 6633) + """
                4 2.711887 08:9e:01:62:d5:f4 → 01:80:c2:00:00:00 OpenFlow 203 Type: OFPT_PACKET_IN
                5 4.677989 198.51.100.3 → 192.0.2.1    TCP 66 6633 → 56068 [RST, ACK] Seq=1 Ack=138 Win=42368 Len=0
            """));

        Assert.True(record.CaptureQuality.HasFlag(CaptureQuality.CutShort));
        Assert.NotEqual(Confidence.High, record.Confidence);
    }

    private static string Open(string client, string server, int port, int serverPort, bool hasTimestamps = true)
    {
        string stamps = hasTimestamps ? " TSval=1 TSecr=1" : "";
        (int syn, int ack) = hasTimestamps ? (74, 66) : (62, 54);
        return $"""
                1 0.000000    {client} → {server} TCP {syn} {port} → {serverPort} [SYN] Seq=0 Win=65495 Len=0 MSS=1460 SACK_PERM{stamps}{(hasTimestamps ? " WS=128" : "")}
                2 0.000010    {server} → {client} TCP {syn} {serverPort} → {port} [SYN, ACK] Seq=0 Ack=1 Win=65483 Len=0 MSS=1460 SACK_PERM{stamps}{(hasTimestamps ? " WS=128" : "")}
                3 0.000020    {client} → {server} TCP {ack} {port} → {serverPort} [ACK] Seq=1 Ack=1 Win=65536 Len=0{stamps}

            """;
    }
}
