using System.Management.Automation;
using System.Reflection;
using BrokenPipeTools.Commands;

namespace BrokenPipeTools.Tests.Module;

/// <summary>A cmdlet as its attributes describe it. They are read as data, because attributes of PowerShell cannot be created without PowerShell.</summary>
internal sealed class CmdletModel
{
    /// <summary>The parameters that PowerShell adds to a cmdlet that supports ShouldProcess.</summary>
    private static class OfShouldProcess
    {
        [Parameter]
        [Alias("wi")]
        public static SwitchParameter WhatIf { get; set; }

        [Parameter]
        [Alias("cf")]
        public static SwitchParameter Confirm { get; set; }
    }

    private CmdletModel(Type type, CustomAttributeData cmdlet)
    {
        Type = type;
        Verb = (string)cmdlet.ConstructorArguments[0].Value!;
        Noun = (string)cmdlet.ConstructorArguments[1].Value!;
        DefaultParameterSet = Named<string>(cmdlet, "DefaultParameterSetName") ?? "";
        bool asks = Named<bool?>(cmdlet, "SupportsShouldProcess") ?? false;
        Parameters = type.GetProperties()
            .Concat(asks ? typeof(OfShouldProcess).GetProperties() : [])
            .Where(p => Attributes<ParameterAttribute>(p).Any())
            .ToDictionary(p => p.Name, p => new ParameterModel(p));
    }

    public static IReadOnlyDictionary<string, CmdletModel> All { get; } = typeof(GetPcapConnectionCloseCommand).Assembly.GetTypes()
        .Select(t => (Type: t, Cmdlet: Attributes<CmdletAttribute>(t).SingleOrDefault()))
        .Where(t => t.Cmdlet is not null)
        .Select(t => new CmdletModel(t.Type, t.Cmdlet!))
        .ToDictionary(c => c.Name);

    public Type Type { get; }

    public string Verb { get; }

    public string Noun { get; }

    public string Name => $"{Verb}-{Noun}";

    public string DefaultParameterSet { get; }

    public IReadOnlyDictionary<string, ParameterModel> Parameters { get; }

    public IEnumerable<Type> OutputTypes => Attributes<OutputTypeAttribute>(Type)
        .SelectMany(a => (IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)
        .Select(a => (Type)a.Value!);

    public IEnumerable<string> ParameterSets => Parameters.Values.SelectMany(p => p.Sets).Where(s => s.Length > 0).Distinct();

    public static IEnumerable<CustomAttributeData> Attributes<T>(MemberInfo member) =>
        member.GetCustomAttributesData().Where(a => a.AttributeType == typeof(T));

    public static T? Named<T>(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(a => a.MemberName == name).Select(a => (T?)a.TypedValue.Value).SingleOrDefault();
}

/// <summary>A parameter as described by its attributes, in the terms of help.</summary>
internal sealed class ParameterModel(PropertyInfo property)
{
    private readonly CustomAttributeData[] _attributes = CmdletModel.Attributes<ParameterAttribute>(property).ToArray();

    public string Name => property.Name;

    public string TypeName => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).Name;

    public bool Required => Any("Mandatory");

    public bool Globbing => CmdletModel.Attributes<SupportsWildcardsAttribute>(property).Any();

    /// <summary>The position of the parameter as text; "named" if it has none.</summary>
    public string Position => _attributes
        .Select(a => a.NamedArguments.Where(n => n.MemberName == "Position").Select(n => n.TypedValue.Value!.ToString()!).SingleOrDefault())
        .FirstOrDefault(p => p is not null) ?? "named";

    public string PipelineInput => (Any("ValueFromPipeline"), Any("ValueFromPipelineByPropertyName")) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    public string Aliases => CmdletModel.Attributes<AliasAttribute>(property)
        .Select(a => string.Join(", ", ((IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!).Select(x => x.Value)))
        .SingleOrDefault() ?? "none";

    /// <summary>The parameter sets that contain the parameter; an empty name means all sets.</summary>
    public IEnumerable<string> Sets => _attributes.Select(a => CmdletModel.Named<string>(a, "ParameterSetName") ?? "");

    private bool Any(string name) => _attributes.Any(a => CmdletModel.Named<bool?>(a, name) ?? false);
}
