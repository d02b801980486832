import type { Environment } from '../../modules/contract.ts';

/** Where viewers are: as given, else where the first policy with places allows, so that something plays at once. */
export function viewersPlace(
  given: { country?: string; region?: string; city?: string },
  { streams, policies }: Pick<Environment, 'streams' | 'policies'>,
): { country?: string; region?: string; city?: string } {
  if (given.country !== undefined) return given;
  for (const { policy } of Object.values(streams)) {
    const { countries, regions, cities } = policies[policy] ?? {};
    const [country, region] = regions?.[0]?.split('-') ?? countries ?? [];
    if (country === undefined) continue;
    const city = given.city ?? cities?.[0];
    return {
      country,
      ...(regions?.length && region !== undefined && { region }),
      ...(city !== undefined && { city }),
    };
  }
  return given;
}
