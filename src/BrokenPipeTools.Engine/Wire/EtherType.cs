namespace BrokenPipeTools.Wire;

/// <summary>IEEE 802 EtherTypes, and those of them that can contain TCP.</summary>
internal static class EtherType
{
    public const ushort IPv4 = 0x0800;
    public const ushort IPv6 = 0x86DD;

    /// <summary>Transparent Ethernet bridging, as used by GRE and GENEVE.</summary>
    public const ushort Ethernet = 0x6558;

    public static Layer Next(ref Packet p, ushort type) => type switch
    {
        IPv4 => Layer.IPv4,
        IPv6 => Layer.IPv6,
        0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300 => Layer.Vlan,
        0x8847 or 0x8848 => Layer.Mpls,
        0x8864 => Layer.Pppoe,
        0x880B => Layer.Ppp,
        0x88E7 => Layer.ProviderBackbone,
        0x8903 => Layer.FabricPath,
        0x8926 => Layer.VnTag,
        0x893F => Layer.ETag,
        0x8909 => Layer.CiscoMetaData,
        0x894F => Layer.Nsh,
        0x88E5 => Layer.MacSec,
        0x22F3 => Layer.Trill,
        0x892F => Layer.Hsr,
        Ethernet => Layer.Ethernet,
        <= 1500 => Layer.Llc,
        0x0806 or 0x8035 or 0x88CC or 0x8863 or 0x888E => p.End(DecodeOutcome.NotTcp), // ARP, RARP, LLDP, PPPoE discovery, EAPOL
        _ => p.End(DecodeOutcome.UnknownProtocol),
    };
}
