using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

public sealed class OwnKeepAliveTests
{
    private static readonly string Upgrade = "S:DATA hex=" + Convert.ToHexString("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n"u8);

    [Theory]
    [InlineData(22, "S:DATA(7)", "ServerAliveInterval")]
    [InlineData(50051, "S:DATA(7)", "PING at intervals")]
    [InlineData(5432, "S:DATA(7)", "database connections")]
    [InlineData(80, "Upgrade", "Ping frames")]
    [InlineData(80, "S:DATA(7)", null)]
    public void The_advice_names_the_protocols_own_way_to_stay_alive(int port, string answer, string? setting)
    {
        string[] lines = ["C:SYN", "S:SYN-ACK", "C:ACK", "C:DATA(5)", answer == "Upgrade" ? Upgrade : answer, "C:ACK", "+350 C:DATA(9)", "S:RST ttl=61"];
        ConnectionClose record = PacketScript.One(string.Join('\n', lines.Select(line => $"{line} to={port}")));
        Assert.Equal(Cause.StateExpired, record.Cause);
        if (setting is null)
            Assert.EndsWith("connection pool.", record.Advice, StringComparison.Ordinal);
        else
            Assert.Contains(setting, record.Advice, StringComparison.Ordinal);
    }
}
