using System.Management.Automation;
using BrokenPipeTools.Reading;

namespace BrokenPipeTools.Commands;

/// <summary>The parameters for a trace that comes as text.</summary>
public sealed partial class GetPcapConnectionCloseCommand
{
    private const string FromTextSet = "FromText";

    private TextSpool? _text;

    /// <summary>The pipeline brings the lines of a trace that was printed as text, not the names of files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromTextSet)]
    public SwitchParameter FromText { get; set; }

    /// <summary>The text: one line or many each, all of them one input.</summary>
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

    /// <summary>The input is complete only after the last line.</summary>
    private void ReadText()
    {
        if (_text is not null)
            _run.Read(_text.Take(), PacketStream.Name);
    }
}
