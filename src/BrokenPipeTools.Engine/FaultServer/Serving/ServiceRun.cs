using System.Net.Sockets;
using System.Security.Authentication;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Serves one connection, from the TLS handshake on, and determines how it ended.</summary>
internal static class ServiceRun
{
    /// <summary>Serves the connection without throwing. When this returns, the socket is still open and can be closed.</summary>
    public static async Task<(ServedEnding Ending, string? Error)> ServeAsync(ServerConnection connection, Service service)
    {
        try
        {
            if (!service.BeginsBeforeTls)
                await connection.ShakeHandsAsync().ConfigureAwait(false);
            return (await connection.PrepareAsync(await service.ServeAsync(connection).ConfigureAwait(false)).ConfigureAwait(false), null);
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
            await connection.PrepareAsync(CloseMode.Reset).ConfigureAwait(false);
            return (ServedEnding.UpstreamFailed, e.Message);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return (ServedEnding.Failed, "TLS: " + e.Message.ReplaceLineEndings(" ")); // the bytes are not TLS records
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return (ServedEnding.Stopped, null);
        }
        catch (InvalidOperationException e)
        {
            return (ServedEnding.Failed, e.Message); // .NET reports some failures of TLS with this exception
        }
    }

    /// <summary>Classifies an error of the socket. EPIPE comes if the client sent FIN, and then a RST in answer to the server's data (man 2 write).</summary>
    private static ServedEnding EndingOf(SocketError error) => error switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted => ServedEnding.ResetByClient,
        SocketError.Shutdown => ServedEnding.ClosedByClient,
        _ => ServedEnding.Failed,
    };
}
