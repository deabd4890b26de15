using System.Management.Automation;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Rejects a script block. If the other parameters exclude -ScriptBlock, PowerShell would otherwise convert the script block to text and bind it as a
/// name.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotScriptBlockAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        const string Message = "A script block and -Duration exclude each other: the counters are read before and after the script, or before and after that time";
        return Script(inputData) is null ? inputData : throw new ArgumentTransformationMetadataException(Message, new PSInvalidCastException(Message)); // because of the inner exception the binder continues with -ScriptBlock
    }

    private static ScriptBlock? Script(object? value) => (value is PSObject { BaseObject: { } inner } ? inner : value) as ScriptBlock;
}
