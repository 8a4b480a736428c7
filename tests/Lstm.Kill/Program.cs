using System.CommandLine;
using Lstm.Kill;

Option<int> times = new("--times") { Description = "How often", DefaultValueFactory = _ => 100 };
Option<int> seed = new("--seed") { Description = "The moments follow from it", DefaultValueFactory = _ => 1 };
var kill = new RootCommand("Kills a training at random moments and checks that it goes on from its checkpoint to the same bits.")
{
    times,
    seed,
};
kill.SetAction(result => Killer.Run(result.GetValue(times), result.GetValue(seed), Console.Out).All(trial => trial.IsRight) ? 0 : 1);

Argument<string> checkpoint = new("checkpoint");
var train = new Command(Victim.Command, "Trains, with a checkpoint after each step: what is killed.") { checkpoint };
train.SetAction(result => Console.Out.WriteLine(Victim.Train(result.GetRequiredValue(checkpoint), Console.Out.WriteLine).Bits));
kill.Subcommands.Add(train);
return kill.Parse(args).Invoke();
