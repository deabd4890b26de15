using System.Management.Automation;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools.Parameters;

/// <summary>Accepts thresholds: a cause, with or without wildcards, optionally with a colon and a number of connections.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateThresholdAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Reads thresholds; one text may contain several, separated by commas as on the command line.</summary>
    public static IEnumerable<CauseThreshold> Read(IEnumerable<string> texts) => Split(texts).Select(text => CauseThreshold.Read(text, out _)).OfType<CauseThreshold>();

    protected override void ValidateElement(object element)
    {
        foreach (string text in Split([element?.ToString() ?? ""]))
        {
            if (CauseThreshold.Read(text, out string problem) is null)
                throw new ValidationMetadataException($"Not a threshold: '{DisplayText.Of(text)}': {DisplayText.Of(problem)}.");
        }
    }

    private static IEnumerable<string> Split(IEnumerable<string> texts) => texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries));
}
