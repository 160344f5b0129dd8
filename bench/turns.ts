/** Runs rounds in turns: each competitor once per round, with a different one first every time. */
export async function inTurns<Competitor, Round>(
  competitors: readonly Competitor[],
  rounds: number,
  run: (competitor: Competitor) => Promise<Round>,
): Promise<ReadonlyMap<Competitor, readonly Round[]>> {
  const results = new Map(competitors.map((competitor) => [competitor, [] as Round[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < competitors.length; turn += 1) {
      const competitor = competitors[(round + turn) % competitors.length];
      if (competitor !== undefined) results.get(competitor)?.push(await run(competitor));
    }
  }
  return results;
}
