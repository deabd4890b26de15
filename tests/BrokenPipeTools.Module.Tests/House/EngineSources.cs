using System.Collections.Immutable;
using BrokenPipeTools.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BrokenPipeTools.Tests.House;

/// <summary>The compiler's view of the engine's sources: the type that a name in a file means, and the folder of that type.</summary>
internal sealed class EngineSources
{
    private const string GlobalUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string? Framework = Path.GetDirectoryName(typeof(object).Assembly.Location);

    private readonly CSharpCompilation _compilation;

    public EngineSources(string folder)
    {
        Folder = folder;
        CSharpParseOptions options = new(LanguageVersion.Latest);
        _compilation = CSharpCompilation.Create(
            "engine",
            [CSharpSyntaxTree.ParseText(GlobalUsings, options), .. RepositoryFiles.In(folder).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == Framework).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    public string Folder { get; }

    /// <summary>
    /// Names that the compiler cannot resolve. A few are generated when the engine is built. Many would mean that the sources were not read
    /// correctly.
    /// </summary>
    public ImmutableArray<Diagnostic> Errors => [.. _compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    /// <summary>
    /// Returns every use of a type of one folder in a file of another folder: by name, by a member, or by a variable whose type is not written.
    /// </summary>
    public IEnumerable<(string From, string To, string File, string Type)> Uses()
    {
        HashSet<(string, string, string, string)> uses = [];
        foreach (SyntaxTree tree in _compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            SemanticModel model = _compilation.GetSemanticModel(tree);
            string from = FolderOf(tree.FilePath);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                foreach (INamedTypeSymbol type in TypesOf(model.GetSymbolInfo(name).Symbol))
                {
                    if (type.DeclaringSyntaxReferences is [var declaration, ..] && FolderOf(declaration.SyntaxTree.FilePath) is var to && to != from)
                        uses.Add((from, to, Path.GetRelativePath(Folder, tree.FilePath), type.Name));
                }
            }
        }

        return uses;
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => [type.OriginalDefinition],
        INamespaceSymbol or null => [],
        _ => new[] { symbol.ContainingType, TypeOf(symbol) as INamedTypeSymbol }.OfType<INamedTypeSymbol>().Select(type => type.OriginalDefinition),
    };

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.ReturnType,
        IPropertySymbol property => property.Type,
        IFieldSymbol field => field.Type,
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    private string FolderOf(string file) => Path.GetDirectoryName(Path.GetRelativePath(Folder, file))!.Replace(Path.DirectorySeparatorChar, '/');
}
