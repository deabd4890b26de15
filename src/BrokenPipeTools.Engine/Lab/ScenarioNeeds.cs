namespace BrokenPipeTools.Lab;

/// <summary>The privileges and commands that a scenario needs.</summary>
[Flags]
public enum ScenarioNeeds
{
    /// <summary>Nothing: any user, any platform.</summary>
    None = 0,

    /// <summary>Linux: a socket option or a rule of its kernel.</summary>
    Linux = 0x01,

    /// <summary>Linux or macOS: a signal, a pipe's descriptor.</summary>
    Unix = 0x02,

    /// <summary>root on Linux, because network namespaces are made for it, with a firewall in them. The commands ip, nft and nsenter must be installed.</summary>
    Root = 0x04,
}
