using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The data for printing one type of record in any format.</summary>
/// <param name="Table">The columns of the table.</param>
/// <param name="Json">Writes it as JSON.</param>
/// <param name="Details">For the list: the properties that are not flat, each with a label and lines.</param>
/// <param name="ListOrder">For the list: the labels in their order; null: the flat properties first, then the details.</param>
internal sealed record RecordShape<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IReadOnlyList<TableColumn<T>> Table, JsonTypeInfo<T> Json, Func<T, IEnumerable<(string Label, IEnumerable<string> Lines)>>? Details = null, IReadOnlyList<string>? ListOrder = null)
{
    /// <summary>
    /// Returns the properties for CSV and the list, in their order: all except those that contain other records or sentences, and those that JSON
    /// leaves out. A list of addresses or of names is one value.
    /// </summary>
    public static IReadOnlyList<PropertyInfo> Flat { get; } = [.. typeof(T).GetProperties().Where(p => IsFlat(p.PropertyType) && !p.IsDefined(typeof(JsonIgnoreAttribute)))];

    private static bool IsFlat(Type type) =>
        type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type) || typeof(IEnumerable<IPAddress>).IsAssignableFrom(type) || IsListOfNames(type);

    private static bool IsListOfNames(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RecordList<>) && type.GenericTypeArguments[0].IsEnum;
}
