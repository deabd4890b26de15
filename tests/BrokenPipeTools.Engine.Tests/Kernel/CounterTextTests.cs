using System.Text;
using System.Text.RegularExpressions;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Tests.Kernel;

/// <summary>The kernel's text, complete and damaged, and the description of each counter in it.</summary>
public sealed partial class CounterTextTests
{
    private const int Mutations = 5000;

    private static readonly CounterValue[] Whole = Read(CounterSamples.Snmp, CounterSamples.NetStat, CounterSamples.SockStat);

    [Fact]
    public void A_line_of_names_comes_before_the_line_of_values()
    {
        Assert.Contains(new CounterValue("Tcp", "ActiveOpens", 4), Whole);
        Assert.Contains(new CounterValue("Tcp", "InCsumErrors", 14), Whole);
        Assert.Contains(new CounterValue("TcpExt", "EmbryonicRsts", 3), Whole);
        Assert.Contains(new CounterValue("TcpExt", "TCPAOBad", 62), Whole);
        Assert.Equal(["inuse 7", "orphan 1", "tw 135", "alloc 10", "mem 2"], Whole.Where(value => value.Section == "sockstat").Select(value => $"{value.Name} {value.Value}"));
        Assert.All(Whole, value => Assert.True(value.Section is "Tcp" or "TcpExt" or "sockstat"));
        Assert.DoesNotContain(Whole, value => value.Name is "RtoMin" or "MaxConn" or "InDatagrams");
    }

    [Fact]
    public void Every_counter_with_a_meaning_is_one_of_the_kernel() =>
        Assert.Empty(CounterCatalog.All.Select(one => (one.Section, one.Name)).Except(Whole.Select(value => (value.Section, value.Name))));

    [Fact]
    public void Meanings_are_sentences_and_their_causes_exist() => Assert.All(CounterCatalog.All, one =>
    {
        Assert.EndsWith(".", one.Meaning, StringComparison.Ordinal);
        Assert.EndsWith(".", one.Indicates, StringComparison.Ordinal);
        Assert.Matches(@"^[a-z_0-9]+(, [a-z_0-9]+)*$", one.KernelFunction);
        Assert.NotEqual(TcpCounterGroup.Other, one.Group);
        Assert.All(Causes().Matches(one.Indicates).SelectMany(match => match.Groups["cause"].Captures), cause => Assert.True(Enum.TryParse<Cause>(cause.Value, out _), cause.Value));
    });

    [Fact]
    public void The_changes_of_a_reading_have_the_meaning_and_the_others_none()
    {
        TcpCounterReading earlier = new(Whole, CounterLimits.Read(ofOwn: false), null, DateTime.UnixEpoch, 0);
        CounterValue[] later = [.. Whole.Select(value => value with { Value = value.Value + (value.Name is "ListenOverflows" or "TCPAOBad" ? 3 : 0) })];
        IReadOnlyList<TcpAbortCounter> changes = new TcpCounterReading(later, CounterLimits.Read(ofOwn: false), "812", DateTime.UnixEpoch, 0).List(earlier);
        TcpAbortCounter moved = Assert.Single(changes, change => change.IsNotable());
        Assert.Equal(("ListenOverflows", 3, TcpCounterGroup.Overflow, "812"), (moved.Name, moved.Change!.Value, moved.Group, moved.NetworkNamespace));
        TcpAbortCounter unknown = Assert.Single(changes, change => change.Name == "TCPAOBad");
        Assert.Equal((TcpCounterGroup.Other, 3, ""), (unknown.Group, unknown.Change!.Value, unknown.Meaning));
        Assert.Equal(changes.Order().Select(change => change.Group), changes.Select(change => change.Group));
    }

    [Fact]
    public void A_counter_that_the_kernel_lacks_is_absent()
    {
        CounterValue[] old = Read("Tcp: OutRsts\nTcp: 5\n"u8.ToArray(), [], []);
        TcpAbortCounter only = Assert.Single(new TcpCounterReading(old, CounterLimits.Read(ofOwn: false), null, DateTime.UnixEpoch, 0).List());
        Assert.Equal(("OutRsts", 5, null), (only.Name, only.Value, only.Change));
    }

    [Fact]
    public void A_text_that_is_cut_gives_no_wrong_number()
    {
        for (int length = 0; length <= CounterSamples.NetStat.Length; length++)
            Assert.Empty(Read([], CounterSamples.NetStat[..length], []).Except(Whole));
        for (int length = 0; length <= CounterSamples.SockStat.Length; length++)
            Assert.Empty(Read([], [], CounterSamples.SockStat[..length]).Except(Whole));
    }

    [Theory]
    [InlineData("TcpExt: A B C\nTcpExt: 1 2\n")] // one value is missing, and it is unknown which
    [InlineData("TcpExt: A B\nTcp: 1 2\n")]
    [InlineData("TcpExt: A B\n\nTcpExt: 1 2\n")]
    [InlineData("TcpExt: 1 2\nTcpExt: 3 4\n")]
    [InlineData("TcpExt: \nTcpExt: \n")]
    [InlineData("TcpExt: A\nTcpExt: 99999999999999999999\n")]
    [InlineData("TcpExt: A\nTcpExt: -1\n")]
    [InlineData("TcpExt: \u001b[31m\nTcpExt: 1\n")]
    public void A_part_that_is_damaged_is_left_out(string text) => Assert.Empty(Read([], Encoding.Latin1.GetBytes(text), []));

    [Fact]
    public void Random_damage_causes_no_exception_and_no_counter()
    {
        Random random = new(7);
        for (int run = 0; run < Mutations; run++)
        {
            byte[] text = [.. CounterSamples.NetStat];
            for (int i = random.Next(1, 20); i > 0; i--)
                text[random.Next(text.Length)] = (byte)(random.Next(3) == 0 ? "\n :0"[random.Next(4)] : random.Next(256));
            Assert.InRange(Read(text, text, text).Length, 0, 2 * Whole.Length);
        }
    }

    private static CounterValue[] Read(byte[] snmp, byte[] netStat, byte[] sockStat) => [.. CounterText.ReadTable(snmp), .. CounterText.ReadTable(netStat), .. CounterText.ReadSockStat(sockStat)];

    [GeneratedRegex(@"\(causes? (?<cause>[A-Z]\w+)(?:, (?<cause>[A-Z]\w+))*[) ]")]
    private static partial Regex Causes();
}
