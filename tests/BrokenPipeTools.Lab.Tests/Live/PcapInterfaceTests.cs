using System.Net;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Networks;

namespace BrokenPipeTools.Tests.Live;

public sealed class PcapInterfaceTests
{
    [LiveFact]
    public void The_list_contains_loopback_with_its_addresses()
    {
        PcapInterface loopback = CaptureLibrary.Instance.GetInterfaces().Single(i => i.Name == Loopback.Name);
        Assert.True(loopback.IsLoopback && loopback.IsUp && !loopback.IsWireless);
        Assert.Contains(IPAddress.Loopback, loopback.Addresses);
    }

    /// <summary>On macOS, .NET's own list is used, because SharpPcap does not read its socket addresses; here both must agree.</summary>
    [LiveFact]
    public void Addresses_are_those_that_the_system_lists()
    {
        foreach (PcapInterface found in CaptureLibrary.Instance.GetInterfaces().Where(i => i.Addresses.Count > 0))
        {
            IEnumerable<string> expected = CaptureLibrary.AddressesByName(found.Name).Select(address => address.ToString());
            Assert.Equal(expected.Order(), found.Addresses.Select(address => address.ToString()).Order());
        }
    }

    [Fact]
    public void A_missing_library_is_an_error_with_its_remedy()
    {
        Assert.Equal(0, NativePcap.Load(["no-such-library.so.9", Path.Combine(Path.GetTempPath(), "no-such-library.dll")]));
        LiveCaptureException e = Assert.Throws<LiveCaptureException>(() => LibraryCheck.Require(isInstalled: false, new Version(), ""));
        Assert.Equal(LiveCaptureFault.LibraryMissing, e.Fault);
        Assert.Matches("install (libp|Np)cap", e.Message);
    }

    [Theory]
    [InlineData("1.4.9", "libpcap version 1.4.9")]
    [InlineData("1.0", "WinPcap version 4.1.3 (packet.dll version 4.1.0.2980), based on libpcap version 1.0 branch 1_0_rel0b (20091008)")]
    [InlineData("0.0", "a library without a version")]
    public void A_library_that_is_too_old_is_an_error_with_its_remedy(string version, string text)
    {
        LiveCaptureException e = Assert.Throws<LiveCaptureException>(() => LibraryCheck.Require(isInstalled: true, Version.Parse(version), text));
        Assert.Equal(LiveCaptureFault.LibraryTooOld, e.Fault);
        Assert.StartsWith($"the capture library is too old ({text}); version 1.5 or later is needed: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(CaptureProblemId.CaptureLibraryTooOld, CaptureProblem.From(e, "x")!.Id);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.10.5")]
    public void A_library_that_is_new_enough_is_taken(string version) => LibraryCheck.Require(isInstalled: true, Version.Parse(version), $"libpcap version {version}");
}
