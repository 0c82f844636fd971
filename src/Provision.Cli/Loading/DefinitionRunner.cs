using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Provision.Cli.Projects;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>Compiled definitions, ready to run: in a load context of their own, so that nothing of one load is left for the next.</summary>
internal sealed class DefinitionRunner
{
    // Deep enough for any nesting that is meant; what is not is found by the guard in each method (see RecursionGuard). No deeper: unwinding
    // and telling every frame takes longer than a definition may.
    private const int StackBytes = 1 << 20;

    private readonly Assembly _assembly;

    public DefinitionRunner(CompiledStacks compiled)
    {
        var context = new StacksContext();
        using var assembly = new MemoryStream(compiled.Assembly);
        using var symbols = new MemoryStream(compiled.Symbols);
        _assembly = context.LoadFromStream(assembly, symbols);
        Definitions = [.. _assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false, IsNested: false } && type.IsAssignableTo(typeof(StackDefinition)))
            .OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<Type> Definitions { get; }

    /// <summary>
    /// Makes the definition, lets <paramref name="bind"/> put settings into it, and asks it for its stack; on a thread of its own, which outlives a
    /// definition without an end (nothing can stop it, so the process should).
    /// </summary>
    /// <exception cref="WorkspaceException">It threw, came to no end, or gave no stack.</exception>
    public async Task<Stack> RunAsync(
        Type definition, Action<StackDefinition> bind, IStackFiles files, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<Stack>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    result.SetResult(Run(definition, bind, files));
                }
                catch (Exception exception)
                {
                    result.SetException(exception);
                }
            },
            StackBytes)
        {
            IsBackground = true,
            Name = $"definition {definition.Name}",
        };
        thread.Start();
        try
        {
            return await result.Task.WaitAsync(limit, clock, cancellationToken);
        }
        catch (TimeoutException) when (!result.Task.IsCompleted)
        {
            throw new DefinitionTimeoutException(definition.Name, limit);
        }
    }

    private Stack Run(Type type, Action<StackDefinition> bind, IStackFiles files)
    {
        using var reading = StackFiles.Use(files);
        var definition = Guard("while it was made", () => (StackDefinition?)Activator.CreateInstance(type, BindingFlags.DoNotWrapExceptions | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, null, null, null))
            ?? throw new UnreachableException();
        bind(definition);
        var stack = Guard("in Define()", definition.Define) ?? throw new WorkspaceException(LoadingDiagnostics.NoStack(type.Name));
        return stack.Hosts.IsDefaultOrEmpty ? throw new WorkspaceException(LoadingDiagnostics.EmptyStack(type.Name)) : stack;

        T Guard<T>(string during, Func<T> run)
        {
            try
            {
                return run();
            }
            catch (Exception exception) when (Told(type, exception, during) is { } told)
            {
                throw told;
            }
        }
    }

    private WorkspaceException? Told(Type type, Exception exception, string during)
    {
        var cause = exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
        var place = PlaceIn(cause) ?? PlaceIn(exception) ?? type.Name;
        return cause switch
        {
            InsufficientExecutionStackException => new WorkspaceException(LoadingDiagnostics.TooDeep(type.Name, place)),
            StackFileException missing => new WorkspaceException(missing.Diagnostic with { Detail = $"{place}: {missing.Diagnostic.Detail}" }),
            _ => new WorkspaceException(LoadingDiagnostics.Threw(type.Name, place, cause.GetType().Name, cause.Message, during)),
        };
    }

    // The innermost line of the definition's own.
    private string? PlaceIn(Exception exception)
    {
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && frame.GetMethod()?.Module.Assembly == _assembly)
            {
                return new SourcePlace(file, frame.GetFileLineNumber(), frame.GetFileColumnNumber()).ToString();
            }
        }

        return null;
    }

    // Provision.Model is the one that runs here, whatever context that is: the stack is handed over as its types.
    private sealed class StacksContext() : AssemblyLoadContext("stacks", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(StackDefinition).Assembly.GetName().Name ? typeof(StackDefinition).Assembly : null;
    }
}
