using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Provision.Cli.Projects;
using Provision.Model;
using Provision.Model.Policies;

namespace Provision.Cli.Loading;

/// <summary>Compiled definitions, ready to run: in a load context of their own, so that nothing of one load is left for the next.</summary>
internal sealed class DefinitionRunner
{
    // Deep enough for any nesting that is meant; what is not is found by the guard in each method (see RecursionGuard). No deeper: unwinding
    // and telling every frame takes longer than a definition may.
    private const int StackBytes = 1 << 20;

    private readonly Assembly _assembly;
    private readonly Type[] _policies;

    public DefinitionRunner(CompiledStacks compiled)
    {
        var context = new StacksContext();
        using var assembly = new MemoryStream(compiled.Assembly);
        using var symbols = new MemoryStream(compiled.Symbols);
        _assembly = context.LoadFromStream(assembly, symbols);
        Definitions = TypesOf(typeof(StackDefinition));
        _policies = TypesOf(typeof(StackPolicies));
    }

    public IReadOnlyList<Type> Definitions { get; }

    public bool HasPolicies => _policies.Length > 0;

    /// <summary>
    /// Makes the definition, lets <paramref name="bind"/> put settings into it, and asks it for its stack; on a thread of its own, which outlives a
    /// definition without an end (nothing can stop it, so the process should).
    /// </summary>
    /// <exception cref="WorkspaceException">It threw, came to no end, or gave no stack.</exception>
    public Stack Run(
        Type definition, Action<StackDefinition> bind, IStackFiles files, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken) =>
        Run(definition.Name, () => Run(definition, bind, files), limit, clock, cancellationToken);

    /// <summary>Makes the policies and does something with them, on such a thread too: their rules are the workspace's code as well.</summary>
    /// <exception cref="WorkspaceException">They cannot be made, or it came to no end.</exception>
    public T RunPolicies<T>(Func<IEnumerable<Policy>, T> run, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken) =>
        Run("policies", () => run([.. _policies.SelectMany(type => Policies(type))]), limit, clock, cancellationToken);

    /// <summary>The innermost line of the workspace's own that an exception went through; null where there is none.</summary>
    public string? PlaceIn(Exception exception)
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

    // Waits without giving its own thread back: nobody has anything else to do, and each async method on the way is compiled anew at each start.
    private static T Run<T>(string name, Func<T> run, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    result.SetResult(run());
                }
                catch (Exception exception)
                {
                    result.SetException(exception);
                }
            },
            StackBytes)
        {
            IsBackground = true,
            Name = $"definition {name}",
        };
        thread.Start();
        try
        {
            return result.Task.WaitAsync(limit, clock, cancellationToken).GetAwaiter().GetResult();
        }
        catch (TimeoutException) when (!result.Task.IsCompleted)
        {
            throw new DefinitionTimeoutException(name, limit);
        }
    }

    private Type[] TypesOf(Type kind) =>
    [
        .. _assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false, IsNested: false } && type.IsAssignableTo(kind))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    private ImmutableArray<Policy> Policies(Type type)
    {
        var policies = Guard(type, "while it was made", () => Make<StackPolicies>(type));
        return Guard(type, "in Define()", () => policies.Define().OfType<Policy>().ToImmutableArray());
    }

    private Stack Run(Type type, Action<StackDefinition> bind, IStackFiles files)
    {
        using var reading = StackFiles.Use(files);
        var definition = Guard(type, "while it was made", () => Make<StackDefinition>(type));
        bind(definition);
        var stack = Guard(type, "in Define()", definition.Define) ?? throw new WorkspaceException(LoadingDiagnostics.NoStack(type.Name));
        return stack.Hosts.IsDefaultOrEmpty ? throw new WorkspaceException(LoadingDiagnostics.EmptyStack(type.Name)) : stack;
    }

    private static T Make<T>(Type type) where T : class => (T?)Activator.CreateInstance(
        type, BindingFlags.DoNotWrapExceptions | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, null, null, null) ?? throw new UnreachableException();

    private T Guard<T>(Type type, string during, Func<T> run)
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

    // Provision.Model is the one that runs here, whatever context that is: the stack is handed over as its types.
    private sealed class StacksContext() : AssemblyLoadContext("stacks", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(StackDefinition).Assembly.GetName().Name ? typeof(StackDefinition).Assembly : null;
    }
}
