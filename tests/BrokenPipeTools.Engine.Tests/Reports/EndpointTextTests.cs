using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Reports;

public sealed class EndpointTextTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:80")]
    [InlineData("example.org", "example.org:80")]
    [InlineData("::1", "[::1]:80")]
    [InlineData("[::1]", "[::1]:80")]
    [InlineData("fe80::1%eth0", "[fe80::1%eth0]:80")]
    [InlineData("[fe80::1%eth0]", "[fe80::1%eth0]:80")]
    public void An_IPv6_address_has_brackets_once(string address, string text) => Assert.Equal(text, new EndpointText(address, 80).ToString());
}
