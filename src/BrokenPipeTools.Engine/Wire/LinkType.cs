namespace BrokenPipeTools.Wire;

/// <summary>The supported LINKTYPE_ numbers of https://www.tcpdump.org/linktypes.html.</summary>
internal static class LinkType
{
    public const int Null = 0;
    public const int Ethernet = 1;
    public const int TokenRing = 6;
    public const int Arcnet = 7;
    public const int Slip = 8;
    public const int Ppp = 9;
    public const int Fddi = 10;
    public const int AtmRfc1483 = 100;
    public const int Raw = 101;
    public const int PppSerial = 50;
    public const int PppEther = 51;
    public const int CiscoHdlc = 104;
    public const int Ieee80211 = 105;
    public const int FrameRelay = 107;
    public const int Loop = 108;
    public const int Enc = 109;
    public const int LinuxSll = 113;
    public const int PfLog = 117;
    public const int Prism = 119;
    public const int IpOverFibreChannel = 122;
    public const int SunAtm = 123;
    public const int Radiotap = 127;
    public const int ArcnetLinux = 129;
    public const int AppleIpOverIeee1394 = 138;
    public const int User2 = 149;
    public const int Avs = 163;
    public const int JuniperEthernet = 178;
    public const int JuniperPpp = 179;
    public const int JuniperFrameRelay = 180;
    public const int JuniperCiscoHdlc = 181;
    public const int Ppi = 192;
    public const int Erf = 197;
    public const int PppWithDirection = 204;
    public const int CiscoHdlcWithDirection = 205;
    public const int FrameRelayWithDirection = 206;
    public const int IpNet = 226;
    public const int IPv4 = 228;
    public const int IPv6 = 229;
    public const int NfLog = 239;
    public const int NetAnalyzer = 240;
    public const int NetAnalyzerTransparent = 241;
    public const int IpOverInfiniband = 242;
    public const int Pktap = 258;
    public const int EthernetMpacket = 274;
    public const int LinuxSll2 = 276;
    public const int BroadcomTag = 281;
    public const int BroadcomTagPrepended = 282;
    public const int DistributedSwitch = 284;
    public const int DistributedSwitchEtherType = 285;
}
