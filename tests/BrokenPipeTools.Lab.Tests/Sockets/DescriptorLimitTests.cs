using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.Sockets;

public sealed class DescriptorLimitTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             7823                 7823                 processes ", null)]
    public void The_soft_limit_is_the_first_number(string line, int? limit) =>
        Assert.Equal(limit, DescriptorLimit.Read(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Fact]
    public void Open_descriptors_are_not_spare() =>
        Assert.True(!OperatingSystem.IsLinux() || DescriptorLimit.Spare < DescriptorLimit.Read(File.ReadLines("/proc/self/limits")) - DescriptorLimit.Reserve);
}
