using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine.Planning;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// The process that runs definitions of other revisions and compares what they declare: started by us, with nothing in its environment, and ended with
/// whatever it comes to. See <see cref="WorkerProcess"/> for what keeps it in. It evaluates one definition after the other, so that who
/// listens knows of which it died; only what the runtime has to load for comparing is loaded beside that, by a thread of its own.
/// </summary>
internal sealed class ReviewWorker(Stream input, Stream output, Composition composition)
{
    /// <summary>The one argument that makes a process a worker.</summary>
    public const string Argument = "__review-worker";

    private const int StepsAtOnce = 250;

    /// <summary>One that listens and talks on this process's own pipes. Not by the console, which takes long to open.</summary>
    public static ReviewWorker OfProcess(Composition composition) =>
        new(Console.OpenStandardInput(), Console.OpenStandardOutput(), composition);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Not awaited: what it has not loaded when the first stack is compared is loaded then.
        _ = Task.Run(() => WarmUp.CompareAsync(composition, cancellationToken), cancellationToken);
        using var told = new BufferedStream(input);
        if (WorkerRequest.Read(told) is { } request)
        {
            await CompareAsync(request, cancellationToken);

            // Until it is ended, or nobody is there any more: what a definition has started is found by whose child it is.
            told.ReadByte();
        }

        return 0;
    }

    private async Task CompareAsync(WorkerRequest request, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(request.DefinitionSeconds);
        var before = request.Base is { } was ? new StackSide(was, limit) : null;
        var after = request.Head is { } now ? new StackSide(now, limit, before) : null;
        var reviewer = new StackReviewer(composition);
        foreach (var stack in request.Stacks)
        {
            if (!TryLoad(stack.Name, stack.InBase ? before : null, isHead: false, out var old, cancellationToken)
                || !TryLoad(stack.Name, stack.InHead ? after : null, isHead: true, out var fresh, cancellationToken))
            {
                return;
            }

            Tell(await reviewer.ReviewAsync(stack.Name, old, fresh, cancellationToken));
        }
    }

    /// <returns>Whether to go on: a definition without an end goes on running in this process.</returns>
    private bool TryLoad(string stack, StackSide? side, bool isHead, out EvaluatedStack? evaluated, CancellationToken cancellationToken)
    {
        evaluated = null;
        if (side is null)
        {
            return true;
        }

        Say(new WorkerMessage.Begun(stack, isHead));
        try
        {
            evaluated = side.Evaluate(stack, cancellationToken);
            return true;
        }
        catch (DefinitionTimeoutException late)
        {
            Say(new WorkerMessage.Failed(stack, isHead, late.Diagnostics));
            return false;
        }
        catch (WorkspaceException wrong)
        {
            evaluated = EvaluatedStack.Wrong(wrong.Diagnostics);
            return true;
        }
        catch (OutOfMemoryException)
        {
            Say(new WorkerMessage.Failed(stack, isHead, [ReviewDiagnostics.OutOfMemory(stack)]));
            return false;
        }
    }

    private void Tell(StackReview review)
    {
        foreach (var part in review.Plan.Steps.Chunk(StepsAtOnce))
        {
            Say(new WorkerMessage.Planned(Plan.Empty with { Steps = [.. part] }));
        }

        Say(new WorkerMessage.Done(review with { Plan = review.Plan with { Steps = [] } }));
    }

    private void Say(WorkerMessage message)
    {
        output.Write(message.ToLine().Span);
        output.Flush();
    }
}
