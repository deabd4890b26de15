using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>The names of ICMP errors.</summary>
internal static class IcmpText
{
    public static string Describe(IcmpKind icmp, bool isIPv6) => (isIPv6, icmp.Type, icmp.Code) switch
    {
        (false, 3, 0) or (true, 1, 0) => $"ICMP {icmp.Type}/{icmp.Code}: network unreachable",
        (false, 3, 1) or (true, 1, 3) => $"ICMP {icmp.Type}/{icmp.Code}: host unreachable",
        (false, 3, 3) or (true, 1, 4) => $"ICMP {icmp.Type}/{icmp.Code}: port unreachable",
        (false, 3, 4) or (true, 2, _) => $"ICMP {icmp.Type}/{icmp.Code}: packet too big",
        (false, 3, 9 or 10 or 13) or (true, 1, 1) => $"ICMP {icmp.Type}/{icmp.Code}: administratively prohibited",
        (false, 3, _) or (true, 1, _) => $"ICMP {icmp.Type}/{icmp.Code}: unreachable",
        (false, 11, _) or (true, 3, _) => $"ICMP {icmp.Type}/{icmp.Code}: time exceeded",
        (false, 5, _) => $"ICMP {icmp.Type}/{icmp.Code}: redirect",
        (false, 4, _) => $"ICMP {icmp.Type}/{icmp.Code}: source quench",
        _ => $"ICMP {icmp.Type}/{icmp.Code}: parameter problem",
    };
}
