using System.Management.Automation;
using BrokenPipeTools.Reading;

namespace BrokenPipeTools.Commands;

/// <summary>The parameters for a text trace.</summary>
public sealed partial class GetPcapConnectionCloseCommand
{
    private const string FromTextSet = "FromText";

    private TextSpool? _text;

    /// <summary>Treats the pipeline as the lines of a text trace, and not as the names of files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromTextSet)]
    public SwitchParameter FromText { get; set; }

    /// <summary>The text of the trace. Each object has one line or several; all objects together are one input.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromTextSet, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] Text { get; set; } = [];

    private void TakeText()
    {
        _text ??= new TextSpool();
        foreach (string line in Text ?? [])
            _text.Add(line);
    }

    /// <summary>Reads the text. It is complete only after the last line.</summary>
    private void ReadText()
    {
        if (_text is not null)
            _run.Read(_text.Take(), PacketStream.Name);
    }
}
