using System.Globalization;
using System.Text;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>An HTTP/1.1 answer (RFC 9110, RFC 9112).</summary>
internal sealed record HttpAnswer(string Status, string? ContentType = null, string Body = "")
{
    public const string Html = "text/html; charset=utf-8";
    public const string Json = "application/json";

    private const string NotImplemented = "501 Not Implemented";

    public static readonly HttpAnswer BadRequest = new("400 Bad Request");
    public static readonly HttpAnswer RequestTimeout = new("408 Request Timeout");
    public static readonly HttpAnswer HeadersTooLarge = new("431 Request Header Fields Too Large");
    public static readonly HttpAnswer ContentTooLarge = new("413 Content Too Large");

    /// <summary>Whether the connection stays open after the answer. The Connection header contains this.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>A wrong length for the header Content-Length; null to send the right one.</summary>
    public int? ClaimedLength { get; init; }

    /// <summary>Whether the body is left out. The headers still describe it.</summary>
    public bool HeadersOnly { get; init; }

    /// <summary>Makes an HTML page that names the server and the number of the answer.</summary>
    public static HttpAnswer Page(ServerConnection connection) => new("200 OK", Html, string.Create(
        CultureInfo.InvariantCulture,
        $"<!DOCTYPE html>\n<html><head><title>BrokenPipeTools</title></head><body><h1>{connection.Behavior}</h1><p>connection {connection.Number}, request {connection.Requests}</p></body></html>\n"));

    /// <summary>Makes an answer with the same content as a JSON object.</summary>
    public static HttpAnswer Object(ServerConnection connection) => new("200 OK", Json, string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"server\":\"BrokenPipeTools\",\"behavior\":\"{connection.Behavior}\",\"connection\":{connection.Number},\"request\":{connection.Requests}}}\n"));

    /// <summary>
    /// Returns the answer as the method of the request requires it. An answer to HEAD has no body (RFC 9110, section 9.3.2). CONNECT asks for a tunnel,
    /// which begins with the first byte after the head of a 2xx answer, and such an answer has no Content-Length (section 9.3.6). This server is not a
    /// proxy, so its answer is 501, with the same body.
    /// </summary>
    /// <param name="request">The head of the request; null if the request was not HTTP.</param>
    public HttpAnswer To(HttpHead? request) => request?.Method switch
    {
        "HEAD" => this with { HeadersOnly = true },
        "CONNECT" => this with { Status = NotImplemented },
        _ => this,
    };

    /// <summary>Returns the bytes to send.</summary>
    public byte[] ToBytes()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status}\r\nDate: {DateTime.UtcNow:R}\r\nServer: BrokenPipeTools\r\n");
        if (ContentType is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {ClaimedLength ?? Body.Length}\r\nConnection: {(KeepAlive ? "keep-alive" : "close")}\r\n\r\n");
        if (!HeadersOnly)
            text.Append(Body);
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
