namespace BrokenPipeTools.Capture.Text;

/// <summary>The names of protocols in the rows of a packet list, as Wireshark prints them.</summary>
internal static class RowProtocols
{
    private static readonly HashSet<string> NotOfTcp = new(StringComparer.OrdinalIgnoreCase)
    {
        "UDP", "ARP", "RARP", "MDNS", "LLMNR", "DHCP", "DHCPv6", "BOOTP", "SSDP", "ICMP", "ICMPv6", "IGMP", "IGMPv2", "IGMPv3", "STP", "RSTP", "LLDP", "CDP", "LACP", "QUIC", "GQUIC",
        "BROWSER", "DTLSv1.0", "DTLSv1.2", "WireGuard", "OSPF", "VRRP", "HSRP", "PIM", "ESP", "AH", "ISAKMP", "GRE", "SCTP", "IPv4", "IPv6", "TFTP",
        "EAPOL", "802.11", "0x88cc", "LOOP", "Ethernet", "IPX", "VXLAN", "GTP", "RIP", "RIPv2", "EIGRP", "PPP LCP", "LLC",
    };

    /// <summary>Protocols that are carried by UDP or by TCP.</summary>
    private static readonly HashSet<string> OfBoth = new(StringComparer.OrdinalIgnoreCase)
    {
        "DNS", "SNMP", "STUN", "SYSLOG", "RADIUS", "SIP", "KRB5", "NFS", "Portmap", "RPC", "MOUNT", "NBNS", "RTP", "RTCP", "NTP", "LDP", "CLDAP", "DNP", "MEMCACHE", "BT-DHT", "DTLS", "UDPENCAP",
    };

    /// <summary>Protocols that only TCP carries; names without a version.</summary>
    private static readonly HashSet<string> OfTcp = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "TLS", "HTTP", "WebSocket", "SSH", "FTP", "FTP-DATA", "SMTP", "IMAP", "POP", "TELNET", "Rlogin", "RSH", "IRC", "NNTP", "WHOIS", "FINGER", "XMPP", "VNC", "X", "LPD", "PPTP", "Git",
        "BGP", "RPKI-RTR", "OpenFlow", "LDAP", "NBSS", "SMB", "NCP", "iSCSI", "NBD", "MySQL", "PGSQL", "TDS", "TNS", "RESP", "MONGO", "CQL", "Kafka", "AMQP", "MQTT", "ZMTP", "Elasticsearch",
        "Modbus", "ENIP", "TPKT", "COTP", "S7COMM", "MMS", "IEC 60870-5-104", "DIAMETER", "FIX", "RTMP", "SOCKS", "BitTorrent", "GIOP", "DRDA", "SKINNY", "MSRP", "ACAP",
    };

    /// <summary>Returns whether TCP never carries a protocol.</summary>
    public static bool IsNotOfTcp(string protocol) => NotOfTcp.Contains(protocol);

    /// <summary>Returns whether UDP also carries a protocol.</summary>
    public static bool MayBeOfUdp(string protocol) => OfBoth.Contains(protocol);

    /// <summary>Returns whether only TCP carries a protocol.</summary>
    /// <param name="family">The name of the protocol without its version.</param>
    public static bool IsOfTcp(string family) => OfTcp.Contains(family);

    /// <summary>
    /// Returns the name of a protocol without its version, because one connection may have rows with TLSv1 and with TLSv1.2. Returns an empty text
    /// for a part of a message.
    /// </summary>
    public static string FamilyOf(string protocol)
    {
        int end = protocol.AsSpan().IndexOfAny('/', '.');
        string name = (end > 0 ? protocol[..end] : protocol).TrimEnd('0', '1', '2', '3').TrimEnd('v');
        return name switch { "SSL" => "TLS", "TCP" => "", _ => name };
    }
}
