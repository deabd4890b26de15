using System.Diagnostics;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Resets the connection before, during or after the TLS handshake.</summary>
internal sealed class HandshakeService : Service
{
    public override bool BeginsBeforeTls => true;

    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        if (connection.Behavior == ServerBehavior.ResetBeforeHandshake)
            return await ReadHelloAsync(connection).ConfigureAwait(false);
        await connection.ShakeHandsAsync(serverHelloOnly: connection.Behavior == ServerBehavior.ResetDuringHandshake).ConfigureAwait(false);
        return CloseMode.Reset;
    }

    /// <summary>Reads the record of the ClientHello, which may come in several segments, or the first bytes of another protocol.</summary>
    private static async Task<CloseMode> ReadHelloAsync(ServerConnection connection)
    {
        byte[] hello = new byte[TlsRecords.HeaderLength + TlsRecord.MostBytes];
        long start = Stopwatch.GetTimestamp();
        for (int read = 0, wanted = TlsRecords.HeaderLength; read < wanted;)
        {
            TimeSpan left = connection.Options.HeaderTimeout - Stopwatch.GetElapsedTime(start);
            int count = left > TimeSpan.Zero ? await connection.ReceiveAsync(hello.AsMemory(read), left).ConfigureAwait(false) : ServerConnection.NothingCame;
            if (count == ServerConnection.NothingCame)
                throw new HandshakeException("timeout");
            if (count == 0)
                return CloseMode.ClientClosed;
            read += count;
            if (!TlsRecord.IsHandshake(hello))
                break;
            if (read >= TlsRecords.HeaderLength)
                wanted = TlsRecords.HeaderLength + Math.Min(TlsRecord.LengthOf(hello), TlsRecord.MostBytes);
        }

        return CloseMode.Reset;
    }
}
