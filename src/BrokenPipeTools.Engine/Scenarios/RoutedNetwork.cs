using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios;

internal sealed class RoutedNetwork(AddressFamily family) : TestNetwork
{
    public static string? Missing() => "not written yet";

    public override IPAddress ServerAddress => throw new NotImplementedException();
    public override Socket MakeSocket(StepSide side) => throw new NotImplementedException(family.ToString());
    public override LiveCapture OpenCapture(int port) => throw new NotImplementedException();
    public override void Dispose() { }
}
