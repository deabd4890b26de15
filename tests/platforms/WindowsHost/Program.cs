using System.Management.Automation;
using System.Management.Automation.Runspaces;

// The cmdlets of PowerShell itself come with the default state: a published host has no folder of modules.
InitialSessionState state = InitialSessionState.CreateDefault();
state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
using Runspace runspace = RunspaceFactory.CreateRunspace(state);
runspace.Open();
using PowerShell shell = PowerShell.Create(runspace);
shell.AddScript(args[0]);
foreach (PSObject value in shell.Invoke())
    Console.Out.WriteLine(value);
foreach (ErrorRecord error in shell.Streams.Error)
    Console.Error.WriteLine($"{error.FullyQualifiedErrorId}: {error}");
return shell.HadErrors ? 1 : 0;
