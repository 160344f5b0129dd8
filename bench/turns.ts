/** Rounds are in turns, each contestant once in each, and another one first every time. */
export async function inTurns<Contestant, Round>(
  contestants: readonly Contestant[],
  rounds: number,
  run: (contestant: Contestant) => Promise<Round>,
): Promise<ReadonlyMap<Contestant, readonly Round[]>> {
  const results = new Map(contestants.map((contestant) => [contestant, [] as Round[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const contestant = contestants[(round + turn) % contestants.length];
      if (contestant !== undefined) results.get(contestant)?.push(await run(contestant));
    }
  }
  return results;
}
