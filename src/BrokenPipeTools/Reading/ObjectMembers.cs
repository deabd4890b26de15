using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Reading;

/// <summary>
/// Reads members of objects of unknown types, by name. The members of a .NET type are searched once per type, because PowerShell's own search would
/// take longer for each packet than the analysis. Members that do not belong to the type itself, such as a property of a PSCustomObject or one added
/// by Add-Member, are read through PowerShell.
/// </summary>
internal sealed class ObjectMembers
{
    private static readonly ConditionalWeakTable<Type, ObjectMembers> Known = []; // weak references, because an assembly of the session may be unloaded

    private readonly Dictionary<string, Func<object, object?>> _getters = new(StringComparer.OrdinalIgnoreCase);

    private ObjectMembers(Type type)
    {
        for (Type? declaring = type; declaring is not null; declaring = declaring.BaseType) // a member that hides one of its base type must come first
            AddDeclared(declaring);
    }

    /// <summary>Returns whether the object has a member. The value of the member is not read.</summary>
    public static bool Has(object value, string name) =>
        Of(value)._getters.ContainsKey(name) || PSObject.AsPSObject(value).Properties[name] is not null;

    /// <summary>Returns the value of a member, without the wrapper that PowerShell may have added; null if there is no such member.</summary>
    /// <exception cref="TargetInvocationException">The property threw.</exception>
    /// <exception cref="GetValueException">The property is a script, and threw.</exception>
    public static object? Read(object value, string name) => Unwrap(Of(value)._getters.TryGetValue(name, out Func<object, object?>? get)
        ? get(Unwrap(value)!)
        : PSObject.AsPSObject(value).Properties[name]?.Value);

    /// <summary>Returns the .NET object in a wrapper. A PSCustomObject contains none, so the wrapper itself is returned.</summary>
    public static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;

    private static ObjectMembers Of(object value) => Known.GetValue(Unwrap(value)!.GetType(), static type => new ObjectMembers(type));

    private void AddDeclared(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (FieldInfo field in type.GetFields(Declared))
            _getters.TryAdd(field.Name, field.GetValue);
        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            bool canBeRead = property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike;
            if (canBeRead)
                _getters.TryAdd(property.Name, property.GetValue);
        }
    }
}
