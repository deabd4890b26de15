using System.Collections;
using System.Management.Automation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Rejects file names, so that they bind to the parameter for paths. PowerShell itself would convert a path to a certificate, but without the key of
/// a PEM file and without the chain.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CertificateNotPathAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        foreach (object? one in inputData is string or not IEnumerable ? new[] { inputData } : (IEnumerable)inputData)
        {
            object? plain = one is PSObject wrapped ? wrapped.BaseObject : one;
            if (plain is string or FileSystemInfo)
                throw new ArgumentTransformationMetadataException($"Not a certificate object: '{DisplayText.Of($"{plain}")}'; a file is read with -CertificatePath.");
        }

        return inputData;
    }
}
