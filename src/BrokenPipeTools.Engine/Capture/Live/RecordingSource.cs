using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Live;

/// <summary>Passes the frames of a live capture on, and writes each of them to a file.</summary>
internal sealed class RecordingSource : ILiveSource, IBufferedSource
{
    private readonly ILiveSource _source;
    private readonly PcapWriter _writer;
    private readonly int _interface;
    private bool _isFlushed = true;
    private bool _ended;

    /// <summary>Makes the source. It disposes of the source and the writer that it is given.</summary>
    /// <param name="source">The source of the frames.</param>
    /// <param name="writer">The writer of the file.</param>
    /// <param name="description">The description of the interface that is written to the file.</param>
    public RecordingSource(ILiveSource source, PcapWriter writer, PcapWriterInterface description)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(writer);
        _source = source;
        _writer = writer;
        _interface = writer.AddInterface(description);
    }

    public string Name => _source.Name;

    public long Position => _source.Position;

    public long? Length => _source.Length;

    public long DroppedFrames => _source.DroppedFrames;

    public long ReadUpTo => _source.ReadUpTo;

    public bool TryRead(out Frame frame)
    {
        LiveRead read;
        do
        {
            read = Read(out frame);
        }
        while (read == LiveRead.Idle);
        return read == LiveRead.Frame;
    }

    /// <exception cref="LiveCaptureException">The capture was ended by an error.</exception>
    /// <exception cref="CaptureWriteException">The file can no longer be written.</exception>
    public LiveRead Read(out Frame frame)
    {
        LiveRead read = _source.Read(out frame);
        switch (read)
        {
            case LiveRead.Frame:
                Record(frame);
                break;
            case LiveRead.Idle when !_isFlushed:
                Flush(); // if no packet comes for a while, everything is written, so that a reader of the file can see it
                break;
            case LiveRead.End:
                Conclude();
                break;
        }

        return read;
    }

    /// <inheritdoc cref="Read"/>
    bool IBufferedSource.TryReadNow(out Frame frame)
    {
        frame = default;
        if (_source is not IBufferedSource buffered || !buffered.TryReadNow(out frame))
            return false;
        Record(frame);
        return true;
    }

    public void Stop() => _source.Stop();

    /// <summary>Closes the source and the file. The file is complete even if the capture was not read to its end.</summary>
    public void Dispose()
    {
        _source.Dispose();
        try
        {
            using (_writer)
                Conclude();
        }
        catch (IOException)
        {
            // The error was already thrown when the file was written. The file still has to be closed.
        }
    }

    private void Record(in Frame frame)
    {
        try
        {
            _writer.Write(frame, interfaceId: _interface);
            _isFlushed = false;
        }
        catch (IOException e)
        {
            throw new CaptureWriteException(_writer.Name, e);
        }
    }

    private void Flush()
    {
        try
        {
            _writer.Flush();
            _isFlushed = true;
        }
        catch (IOException e)
        {
            throw new CaptureWriteException(_writer.Name, e);
        }
    }

    private void Conclude()
    {
        if (_ended)
            return;
        _ended = true;
        _writer.WriteStatistics(_interface, Nanoseconds.Since1970(DateTime.UtcNow), _writer.Frames, _source.DroppedFrames);
        Flush();
    }
}
