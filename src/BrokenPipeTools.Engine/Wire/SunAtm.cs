namespace BrokenPipeTools.Wire;

/// <summary>Removes the ATM headers that SunOS captures.</summary>
internal static class SunAtm
{
    /// <summary>
    /// Removes the header: flags (1), path (1), circuit (2); the low four bits of the flags are the kind of traffic: 1 LAN emulation, 2 LLC.
    /// </summary>
    public static Layer Strip(ref Packet p)
    {
        if (p.Bytes.Length < 4)
            return p.TooShort();
        int traffic = p.Bytes[0] & 0x0F;
        p.Strip(4);
        return traffic switch
        {
            1 => Ethernet.StripTo(ref p, 2, Layer.Ethernet),
            2 => Layer.Llc,
            _ => p.End(DecodeOutcome.NotTcp),
        };
    }
}
