using System.Reflection;

namespace BrokenPipeTools.Wire;

/// <summary>Names of link types, for packets that come from other programs: those of <see cref="LinkType"/>, and those of PacketDotNet's LinkLayers.</summary>
internal static class LinkTypeName
{
    private static readonly Dictionary<string, int> Names = Known();

    /// <summary>Returns the LINKTYPE_ number of a name, in upper or lower case; false if the link type is not supported.</summary>
    public static bool TryParse(string name, out int linkType) => Names.TryGetValue(name, out linkType);

    private static Dictionary<string, int> Known()
    {
        Dictionary<string, int> names = typeof(LinkType).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => (int)field.GetRawConstantValue()!, StringComparer.OrdinalIgnoreCase);

        // PacketDotNet 1.4: https://github.com/dotpcap/packetnet, PacketDotNet/LinkLayers.cs
        names.Add("Ieee8025", LinkType.TokenRing);
        names.Add("ArcNetBsd", LinkType.Arcnet);
        names.Add("SerialLineIP", LinkType.Slip);
        names.Add("RawLegacy", LinkType.Raw);
        names.Add("PppHdlc", LinkType.PppSerial);
        names.Add("IPsecBsd", LinkType.Enc);
        names.Add("Ieee80211RadioTap", LinkType.Radiotap);
        names.Add("PppWithDir", LinkType.PppWithDirection);

        // and the names of versions up to 1.0
        names.Add("Ieee802", LinkType.TokenRing);
        names.Add("Ieee80211_Radio", LinkType.Radiotap);
        names.Add("PerPacketInformation", LinkType.Ppi);
        return names;
    }
}
