using System.Management.Automation;
using System.Text;

namespace BrokenPipeTools.Parameters;

/// <summary>Checks the number of bytes that a text has in UTF-8.</summary>
/// <param name="most">The largest number.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateTextLengthAttribute(int most) : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is string text && Encoding.UTF8.GetByteCount(text) is var count && count > most)
            throw new ValidationMetadataException(FormattableString.Invariant($"Too long: {count} bytes in UTF-8; valid: at most {most}."));
    }
}
