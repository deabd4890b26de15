using System.Management.Automation;
using BrokenPipeTools.Help;

// Makes the help of the module. After an error in the help the exit code is 1; each error is one line that MSBuild parses.
if (args is not [var module, var folder, var output])
{
    Console.Error.WriteLine("usage: BrokenPipeTools.Help <module.dll> <folder of *.md> <output.xml>");
    return 2;
}

CmdletReader reader = new(module);
IReadOnlyList<CmdletShape> cmdlets = reader.ReadAll();
List<HelpProblem> problems = [];
IReadOnlyList<HelpTopic> topics = HelpFiles.Read(folder, problems);
TopicChecks checks = new(cmdlets, reader.HasType, Cmdlet.CommonParameters);
problems.AddRange(checks.Check(topics, folder));
problems.AddRange(topics.SelectMany(new CodeChecks(cmdlets).Check));
foreach (HelpProblem problem in problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line))
    Console.WriteLine(problem);
if (problems.Count > 0)
    return 1;
HelpFiles.Write(MamlDocument.Build(cmdlets.Select(cmdlet => (cmdlet, topics.Single(topic => topic.Name == cmdlet.Name)))), output);
return 0;
