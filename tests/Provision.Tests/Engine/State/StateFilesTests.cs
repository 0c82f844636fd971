using System.Collections.Concurrent;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class StateFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_several_who_put_a_file_under_one_new_name_one_does_and_its_file_stays()
    {
        const int Rounds = 300;
        const int Runs = 4;
        using var start = new Barrier(Runs);
        var winners = new ConcurrentBag<(int Round, string Run)>();
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(run => Task.Factory.StartNew(() => PutAll(run), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(Enumerable.Range(0, Rounds).Select(round => (round, File.ReadAllText(_folder[$"name-{round}"]))), winners.Order());
        Assert.Equal(Rounds, Directory.GetFiles(_folder["."]).Length);

        void PutAll(int run)
        {
            var files = new StateFiles();
            for (var round = 0; round < Rounds; round++)
            {
                var own = _folder[$"own-{run}-{round}"];
                File.WriteAllText(own, $"{run}");
                start.SignalAndWait();
                if (files.PutNew(own, _folder[$"name-{round}"]))
                {
                    winners.Add((round, $"{run}"));
                }
            }
        }
    }
}
