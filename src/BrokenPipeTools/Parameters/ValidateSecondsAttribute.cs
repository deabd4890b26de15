using System.Management.Automation;

namespace BrokenPipeTools.Parameters;

/// <summary>Checks the range of a TimeSpan. <see cref="ValidateRangeAttribute"/> cannot do that, because an attribute cannot contain a TimeSpan.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateSecondsAttribute(double minimum, double maximum) : ValidateArgumentsAttribute
{
    public double Minimum => minimum;

    public double Maximum => maximum;

    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan time && (time.TotalSeconds < minimum || time.TotalSeconds > maximum))
            throw new ValidationMetadataException(FormattableString.Invariant($"Out of range: {time}; valid: from {TimeSpan.FromSeconds(minimum)} to {TimeSpan.FromSeconds(maximum)}."));
    }
}
