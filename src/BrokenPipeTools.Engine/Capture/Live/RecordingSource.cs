using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Live;

/// <summary>Passes a live capture on, and writes each of its frames to a file.</summary>
internal sealed class RecordingSource : ILiveSource, IBufferedSource
{
    private readonly ILiveSource _source;
    private readonly PcapWriter _writer;
    private readonly int _interface;
    private bool _isFlushed = true;
    private bool _ended;

    /// <summary>Makes a source. It disposes of both objects.</summary>
    /// <param name="source">The source of the frames.</param>
    /// <param name="writer">Writes the file.</param>
    /// <param name="description">The interface's description in the file.</param>
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

    /// <exception cref="LiveCaptureException">The capture ended with an error.</exception>
    /// <exception cref="CaptureWriteException">The file cannot be written any further.</exception>
    public LiveRead Read(out Frame frame)
    {
        LiveRead read = _source.Read(out frame);
        switch (read)
        {
            case LiveRead.Frame:
                Record(frame);
                break;
            case LiveRead.Idle when !_isFlushed:
                Flush(); // without packets for a while, write everything, so that a reader of the file gets it
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

    /// <summary>Closes both. The file is complete also if the capture was not read to its end.</summary>
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
            // The error was already thrown when the file was written; close it anyway.
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
