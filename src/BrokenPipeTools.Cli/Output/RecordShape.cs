using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The data to print a type of record in any format.</summary>
/// <param name="Table">The columns that a person needs.</param>
/// <param name="Json">How it is written as JSON.</param>
/// <param name="Details">For the list: the properties that are not flat, label and lines.</param>
/// <param name="ListOrder">For the list: the labels in their order; null for the flat properties, then the details.</param>
internal sealed record RecordShape<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(IReadOnlyList<TableColumn<T>> Table, JsonTypeInfo<T> Json, Func<T, IEnumerable<(string Label, IEnumerable<string> Lines)>>? Details = null, IReadOnlyList<string>? ListOrder = null)
{
    /// <summary>
    /// The properties that CSV and the list show, in their order: all but those that hold records or sentences of their own, and those that
    /// JSON leaves out. A list of addresses or of names is one value.
    /// </summary>
    public static IReadOnlyList<PropertyInfo> Flat { get; } = [.. typeof(T).GetProperties().Where(p => IsFlat(p.PropertyType) && !p.IsDefined(typeof(JsonIgnoreAttribute)))];

    private static bool IsFlat(Type type) =>
        type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type) || typeof(IEnumerable<IPAddress>).IsAssignableFrom(type) || IsListOfNames(type);

    private static bool IsListOfNames(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RecordList<>) && type.GenericTypeArguments[0].IsEnum;
}
