using System.Management.Automation;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Parameters;

/// <summary>Accepts IP addresses and prefixes. The parameter's type is string, because strings survive serialization.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ValidateAddressPrefixAttribute : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        if (!AddressPrefix.TryParse(element?.ToString(), out _))
            throw new ValidationMetadataException($"Not an IP address or prefix: '{DisplayText.Of(element?.ToString())}'; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.");
    }
}
