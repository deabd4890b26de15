using System.Net.Sockets;
using System.Security.Authentication;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>Serves one connection, from the TLS handshake on, and finds how it ended.</summary>
internal static class ServiceRun
{
    /// <summary>Does not throw. The socket is still open, and ready to be closed.</summary>
    public static async Task<(ServedEnding Ending, string? Error)> ServeAsync(Conversation conversation, Service service)
    {
        try
        {
            if (!service.BeginsBeforeTls)
                await conversation.ShakeHandsAsync().ConfigureAwait(false);
            return (await conversation.PrepareAsync(await service.ServeAsync(conversation).ConfigureAwait(false)).ConfigureAwait(false), null);
        }
        catch (SocketException e)
        {
            return (EndingOf(e.SocketErrorCode), SocketErrors.Name(e));
        }
        catch (HandshakeException e)
        {
            return (ServedEnding.HandshakeFailed, e.Message);
        }
        catch (UpstreamException e)
        {
            await conversation.PrepareAsync(Farewell.Reset).ConfigureAwait(false);
            return (ServedEnding.UpstreamFailed, e.Message);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return (ServedEnding.Failed, "TLS: " + e.Message.ReplaceLineEndings(" ")); // the bytes are not a TLS record of this connection
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return (ServedEnding.Stopped, null);
        }
        catch (InvalidOperationException e)
        {
            return (ServedEnding.Failed, e.Message); // so .NET reports some failures of TLS
        }
    }

    /// <summary>EPIPE comes if the client's FIN was followed by the RST that our data drew (man 2 write).</summary>
    private static ServedEnding EndingOf(SocketError error) => error switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted => ServedEnding.ResetByClient,
        SocketError.Shutdown => ServedEnding.ClosedByClient,
        _ => ServedEnding.Failed,
    };
}
