using System.Collections;
using System.Management.Automation;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Rejects file names, so that they bind to the parameters for paths. PowerShell tries a parameter that accepts any object before it searches the
/// object's properties, so the files of Get-ChildItem would be read as packets. If this conversion fails, PowerShell continues with the next
/// parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PacketsNotPathsAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] PathMembers = ["PSPath", "Path", "FullName", "LiteralPath", "LP"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (NamesFile(inputData))
        {
            string message = $"Not a captured packet: '{DisplayText.Of($"{inputData}")}'; files are read with -Path and -LiteralPath.";
            throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message)); // because of the inner exception the binder continues
        }

        return inputData;
    }

    /// <summary>Returns whether a value is the name of a file: a text, a number, or an object that has a path and is not a packet.</summary>
    private static bool NamesFile(object? value)
    {
        if (value is null)
            return true;
        object plain = ObjectMembers.Unwrap(value)!;
        if (plain is string or Uri || plain.GetType().IsPrimitive)
            return true;
        if (plain is IList list)
            return list.Cast<object?>().Any(NamesFile);
        return !CapturedPacket.IsMeantBy(value) && PathMembers.Any(name => ObjectMembers.Has(value, name));
    }
}
