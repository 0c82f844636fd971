using System.Collections.Immutable;

namespace Provision.Model.Checks;

/// <summary>Collects problems; each kind is made in <see cref="StackProblems"/>.</summary>
internal sealed class ProblemList
{
    private readonly ImmutableArray<Problem>.Builder _problems = ImmutableArray.CreateBuilder<Problem>();

    public void Add(Problem problem) => _problems.Add(problem);

    public void AddIf(bool wrong, Func<Problem> problem)
    {
        if (wrong)
        {
            _problems.Add(problem());
        }
    }

    public ImmutableArray<Problem> ToImmutable() => _problems.ToImmutable();
}
