namespace BrokenPipeTools.Lab;

/// <summary>The privileges and commands that a scenario needs.</summary>
[Flags]
public enum ScenarioNeeds
{
    /// <summary>The scenario needs nothing: any user can run it on any platform.</summary>
    None = 0,

    /// <summary>The scenario needs Linux, for a socket option or a rule of Linux's kernel.</summary>
    Linux = 0x01,

    /// <summary>The scenario needs Linux or macOS, for a signal or the descriptor of a pipe.</summary>
    Unix = 0x02,

    /// <summary>
    /// The scenario needs root on Linux, because it makes network namespaces with a firewall in them. The commands ip, nft and nsenter must be
    /// installed.
    /// </summary>
    Root = 0x04,
}
