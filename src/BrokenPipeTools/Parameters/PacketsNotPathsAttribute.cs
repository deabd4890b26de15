using System.Collections;
using System.Management.Automation;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Leaves names of files to the parameters that take paths. PowerShell tries a parameter that takes any object before it looks for
/// properties, so without this the files of Get-ChildItem would be taken for packets; and a conversion that fails makes it look on.
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
            throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message)); // because of the inner one the binder continues
        }

        return inputData;
    }

    /// <summary>Texts and numbers name files; so do objects with a path that are not meant as packets.</summary>
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
