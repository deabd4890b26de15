using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Testing.Captures;

/// <summary>The two endpoints of a connection, without their roles.</summary>
internal readonly record struct Endpoints
{
    private Endpoints(string one, string other) => (Low, High) = string.CompareOrdinal(one, other) <= 0 ? (one, other) : (other, one);

    public string Low { get; }

    public string High { get; }

    public static Endpoints Of(ConnectionClose record) => new(Client(record), Endpoint(record.ServerAddress, $"{record.ServerPort}"));

    public static Endpoints Of(TableRow row, string oneAddress, string onePort, string otherAddress, string otherPort) =>
        new(Endpoint(row[oneAddress], row[onePort]), Endpoint(row[otherAddress], row[otherPort]));

    public static string Client(ConnectionClose record) => Endpoint(record.ClientAddress, $"{record.ClientPort}");

    /// <summary>Returns an endpoint with the address in .NET's format.</summary>
    public static string Endpoint(string address, string port) => $"{(IPAddress.TryParse(address, out IPAddress? parsed) ? parsed.ToString() : address)} {port}";
}
