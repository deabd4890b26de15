using System.Text.Json;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>A host whose own routes reject the target, in a network namespace of its own: the record names the route, and not the target.</summary>
public sealed class LocalRouteTests
{
    public static TheoryData<string, string, string, string> Routes => new()
    {
        { "ip route add blackhole 198.51.100.0/24", "198.51.100.1", "EINVAL", "ip route show table all type blackhole" },
        { "ip route add prohibit 198.51.100.0/24", "198.51.100.1", "EACCES", "ip route show table all type prohibit" },
        { "ip route add unreachable 198.51.100.0/24", "198.51.100.1", "EHOSTUNREACH", "ip route show table all type unreachable" },
        { "ip rule add to 198.51.100.0/24 blackhole", "198.51.100.1", "EINVAL", "ip rule" },
        { "true", "198.51.100.1", "ENETUNREACH", "ip route; ip rule" },
        { "ip -6 route add blackhole 2001:db8::/32", "2001:db8::1", "EINVAL", "ip -6 route show table all type blackhole" },
        { "ip -6 route add prohibit 2001:db8::/32", "2001:db8::1", "EACCES", "ip -6 route show table all type prohibit" },
        { "ip -6 route add unreachable 2001:db8::/32", "2001:db8::1", "EHOSTUNREACH", "ip -6 route show table all type unreachable" },
        { "true", "2001:db8::1", "ENETUNREACH", "ip -6 route; ip -6 rule" },
    };

    [PrivilegedTheory]
    [MemberData(nameof(Routes))]
    public void A_route_of_this_host_that_forwards_nothing_is_named_with_the_remedy(string route, string address, string errno, string look)
    {
        ProgramResult result = ChildProgram.Run(
            "unshare", ["--net", "sh", "-c", $"ip link set lo up && {route} && exec \"$@\"", "sh", .. Brokenpipe.Words, "teardown", address, "80", "--probe", "Connect", "-f", "json"]);
        Assert.Equal("", result.Errors);
        JsonElement record = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(
            ("NotConnected", "Unanswered", "Network", "Unreachable", "NetworkUnreachable", "High", errno),
            (Text(record, "Status"), Text(record, "State"), Text(record, "ClosedBy"), Text(record, "Mechanism"), Text(record, "Cause"), Text(record, "Confidence"), Text(record, "Error")));
        Assert.StartsWith($"connect failed with {errno}: this host has no usable route to the address: ", Text(record, "Explanation"), StringComparison.Ordinal);
        Assert.Contains(look, Text(record, "Advice"), StringComparison.Ordinal);
    }

    /// <summary>TCP itself rejects these addresses, although there is a route.</summary>
    [PrivilegedTheory]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("192.0.2.255")]
    [InlineData("ff05::1")]
    public void An_address_of_many_hosts_is_not_blamed_on_the_network_alone(string address)
    {
        ProgramResult result = ChildProgram.Run(
            "unshare",
            ["--net", "sh", "-c", "ip link add v0 type veth peer name v1 && ip addr add 192.0.2.1/24 broadcast 192.0.2.255 dev v0 && ip link set v0 up && ip link set v1 up && ip route add default dev v0 && exec \"$@\"", "sh", .. Brokenpipe.Words, "teardown", address, "80", "--probe", "Connect", "-f", "json"]);
        string explanation = Text(JsonDocument.Parse(result.Output).RootElement, "Explanation")!;
        Assert.StartsWith("connect failed with ENETUNREACH: this host has no route to it, an ICMP error arrived, or ", explanation, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();
}
