using System.Globalization;
using System.Text;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>An HTTP/1.1 answer (RFC 9110, RFC 9112).</summary>
internal sealed record HttpAnswer(string Status, string? ContentType = null, string Body = "")
{
    public const string Html = "text/html; charset=utf-8";
    public const string Json = "application/json";

    public static readonly HttpAnswer BadRequest = new("400 Bad Request");
    public static readonly HttpAnswer RequestTimeout = new("408 Request Timeout");
    public static readonly HttpAnswer HeadersTooLarge = new("431 Request Header Fields Too Large");
    public static readonly HttpAnswer ContentTooLarge = new("413 Content Too Large");

    /// <summary>The Connection header shows if the server keeps the connection.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>If it is not the body's length, the answer is wrong on purpose.</summary>
    public int? ClaimedLength { get; init; }

    /// <summary>A page that names the server and the number of the answer.</summary>
    public static HttpAnswer Page(Conversation conversation) => new("200 OK", Html, string.Create(
        CultureInfo.InvariantCulture,
        $"<!DOCTYPE html>\n<html><head><title>BrokenPipeTools</title></head><body><h1>{conversation.Behavior}</h1><p>connection {conversation.Number}, request {conversation.Requests}</p></body></html>\n"));

    /// <summary>The answer as a JSON object.</summary>
    public static HttpAnswer Object(Conversation conversation) => new("200 OK", Json, string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"server\":\"BrokenPipeTools\",\"behavior\":\"{conversation.Behavior}\",\"connection\":{conversation.Number},\"request\":{conversation.Requests}}}\n"));

    /// <summary>As it goes out. The answer to HEAD has the headers of the body and not the body (RFC 9110, section 9.3.2).</summary>
    public byte[] ToBytes(bool withBody = true)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status}\r\nDate: {DateTime.UtcNow:R}\r\nServer: BrokenPipeTools\r\n");
        if (ContentType is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: {ContentType}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {ClaimedLength ?? Body.Length}\r\nConnection: {(KeepAlive ? "keep-alive" : "close")}\r\n\r\n");
        if (withBody)
            text.Append(Body);
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
