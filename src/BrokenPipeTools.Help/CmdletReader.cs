using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace BrokenPipeTools.Help;

/// <summary>Reads the cmdlets of a compiled module with PowerShell's own metadata, so that help cannot differ from PowerShell's binding.</summary>
internal sealed class CmdletReader
{
    private readonly Assembly _module;
    private readonly string _folder;

    /// <summary>Loads the module into this process; its references are loaded from its own folder.</summary>
    /// <exception cref="IOException">The assembly cannot be read.</exception>
    /// <exception cref="BadImageFormatException">The file is not an assembly.</exception>
    public CmdletReader(string modulePath)
    {
        modulePath = Path.GetFullPath(modulePath);
        _folder = Path.GetDirectoryName(modulePath)!;
        AssemblyLoadContext.Default.Resolving += LoadFromModuleFolder;
        _module = AssemblyLoadContext.Default.LoadFromAssemblyPath(modulePath);
    }

    /// <summary>Returns the shapes of all cmdlets, in the order of their names.</summary>
    public IReadOnlyList<CmdletShape> ReadAll() =>
    [
        .. _module.GetTypes()
            .Select(type => (Type: type, Cmdlet: type.GetCustomAttribute<CmdletAttribute>(inherit: false)))
            .Where(found => found.Cmdlet is not null)
            .Select(found => Read(found.Type, found.Cmdlet!))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    /// <summary>Returns whether a full type name exists in the module, the assemblies it references, PowerShell or the runtime.</summary>
    public bool HasType(string fullName) =>
        Type.GetType(fullName) is not null
        || _module.GetReferencedAssemblies().Select(Assembly.Load).Append(_module).Any(assembly => assembly.GetType(fullName) is not null);

    private Assembly? LoadFromModuleFolder(AssemblyLoadContext context, AssemblyName name)
    {
        string path = Path.Combine(_folder, name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }

    private static CmdletShape Read(Type type, CmdletAttribute cmdlet)
    {
        CmdletInfo info = new($"{cmdlet.VerbName}-{cmdlet.NounName}", type);
        object instance = Activator.CreateInstance(type)!;
        return new(
            cmdlet.VerbName,
            cmdlet.NounName,
            [.. info.ParameterSets.Select(set => set.Parameters.Where(p => !Cmdlet.CommonParameters.Contains(p.Name)).Select(p => Read(p, instance)).ToArray())],
            [.. info.OutputType.Select(output => output.Type.FullName!)]);
    }

    private static ParameterShape Read(CommandParameterInfo parameter, object instance)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return new(parameter.Name, type.Name)
        {
            IsSwitch = type == typeof(SwitchParameter),
            IsArray = type.IsArray,
            IsRequired = parameter.IsMandatory,
            Position = parameter.Position == int.MinValue ? null : parameter.Position,
            FromPipeline = parameter.ValueFromPipeline,
            FromPipelineByName = parameter.ValueFromPipelineByPropertyName,
            AllowsWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            Aliases = parameter.Aliases,
            DefaultValue = parameter.IsMandatory ? null : DefaultValue(parameter, instance),
        };
    }

    /// <summary>
    /// Returns the value that the parameter has in a new instance; null if it is the zero of its type, unless the cmdlet declares zero as the
    /// default.
    /// </summary>
    private static string? DefaultValue(CommandParameterInfo parameter, object instance)
    {
        if (parameter.Attributes.OfType<PSDefaultValueAttribute>().FirstOrDefault() is { } declared)
            return declared.Help ?? Show(declared.Value);
        object? value = instance.GetType().GetProperty(parameter.Name)?.GetValue(instance);
        bool isZero = value is ValueType && value.Equals(Activator.CreateInstance(value.GetType()));
        return isZero ? null : Show(value);
    }

    /// <summary>Formats a value. Returns null for null, an empty text or an empty array.</summary>
    private static string? Show(object? value) => value switch
    {
        null or "" => null,
        Array array => array.Length == 0 ? null : string.Join(", ", array.Cast<object?>().Select(Show)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
