using System.ComponentModel;
using System.Management.Automation;

namespace BrokenPipeTools.Formatting;

/// <summary>
/// A record that was serialized, for BrokenPipeTools.Types.ps1xml. Export-Clixml, jobs and remoting write the properties of the type data twice, the
/// second time as note properties. A note property always hides the property with the same name. In a record that was serialized twice, an
/// enumeration would therefore be a number, and a time would have the culture's text. This class removes these note properties when the record
/// arrives, so that the type data of the Deserialized type apply.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[TypeConverter(typeof(Converter))]
public static class ReturnedRecord
{
    private const string Adapted = "PSAdapted"; // the serialized properties, without note properties and type data

    /// <summary>Reads a serialized property. Returns null if there is none, or if the object is not a returned record.</summary>
    internal static object? Read(PSObject? record, string name) => (record?.Members[Adapted]?.Value as PSMemberSet)?.Properties[name]?.Value;

    /// <summary>
    /// The converter that PowerShell's deserializer calls for every type that names <see cref="ReturnedRecord"/> as its TargetTypeForDeserialization.
    /// </summary>
    public sealed class Converter : PSTypeConverter
    {
        /// <inheritdoc/>
        public override bool CanConvertFrom(object sourceValue, Type destinationType) => sourceValue is PSObject;

        /// <inheritdoc/>
        public override bool CanConvertFrom(PSObject sourceValue, Type destinationType) => true;

        /// <inheritdoc/>
        public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider? formatProvider, bool ignoreCase) =>
            ConvertFrom(PSObject.AsPSObject(sourceValue), destinationType, formatProvider, ignoreCase);

        /// <inheritdoc/>
        public override object ConvertFrom(PSObject sourceValue, Type destinationType, IFormatProvider? formatProvider, bool ignoreCase)
        {
            ArgumentNullException.ThrowIfNull(sourceValue);
            if (sourceValue.Members[Adapted]?.Value is not PSMemberSet adapted)
                return sourceValue;
            string[] hidden = [.. sourceValue.Properties.Where(property => property is PSNoteProperty { IsInstance: true } && adapted.Properties[property.Name] is not null).Select(property => property.Name)];
            foreach (string name in hidden)
                sourceValue.Properties.Remove(name);
            return sourceValue;
        }

        /// <inheritdoc/>
        public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

        /// <inheritdoc/>
        public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider? formatProvider, bool ignoreCase) => throw new NotSupportedException();
    }
}
