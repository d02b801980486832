/** Where a viewer is, as options say it. */
import { UsageError } from './command.ts';

export interface Place {
  country?: string;
  /** Without the country: `CA`. */
  region?: string;
  city?: string;
}

/** `US-CA` names country and region; CloudFront gives them in two headers. Throws a `UsageError`. */
export function readPlace(given: { [Name in keyof Place]: string | undefined }): Place {
  const { country, city } = given;
  if (country !== undefined && !/^[A-Z]{2}$/.test(country))
    throw new UsageError('--country is no country code.', 'Write two capital letters: FR.');
  const [, prefix, region] = /^([A-Z]{2})-([A-Z0-9]{1,3})$/.exec(given.region ?? '') ?? [];
  if (given.region !== undefined && region === undefined)
    throw new UsageError('--region is no region code.', 'Write it with its country: US-CA.');
  if (prefix !== undefined && country !== undefined && prefix !== country)
    throw new UsageError(
      '--region is in another country than --country.',
      'Write --region US-CA and leave --country out.',
    );
  const where = country ?? prefix;
  return {
    ...(where !== undefined && { country: where }),
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}
