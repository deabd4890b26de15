namespace BrokenPipeTools.Reports;

/// <summary>The names of ICMP errors.</summary>
internal static class IcmpText
{
    public static string Describe(int type, int code, bool isIPv6) => (isIPv6, type, code) switch
    {
        (false, 3, 0) or (true, 1, 0) => $"ICMP {type}/{code}: network unreachable",
        (false, 3, 1) or (true, 1, 3) => $"ICMP {type}/{code}: host unreachable",
        (false, 3, 3) or (true, 1, 4) => $"ICMP {type}/{code}: port unreachable",
        (false, 3, 4) or (true, 2, _) => $"ICMP {type}/{code}: packet too big",
        (false, 3, 9 or 10 or 13) or (true, 1, 1) => $"ICMP {type}/{code}: administratively prohibited",
        (false, 3, _) or (true, 1, _) => $"ICMP {type}/{code}: unreachable",
        (false, 11, _) or (true, 3, _) => $"ICMP {type}/{code}: time exceeded",
        (false, 5, _) => $"ICMP {type}/{code}: redirect",
        (false, 4, _) => $"ICMP {type}/{code}: source quench",
        _ => $"ICMP {type}/{code}: parameter problem",
    };
}
