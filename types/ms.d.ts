// `ms` hides its own types behind its `exports` map, which silently turns every Temporal duration into `any`:
// `startToCloseTimeout: 'thirty sekonds'` would compile. This declaration gives the durations their type back.
declare module 'ms' {
  type Unit =
    | 'years'
    | 'year'
    | 'y'
    | 'weeks'
    | 'week'
    | 'w'
    | 'days'
    | 'day'
    | 'd'
    | 'hours'
    | 'hour'
    | 'h'
    | 'minutes'
    | 'minute'
    | 'm'
    | 'seconds'
    | 'second'
    | 's'
    | 'milliseconds'
    | 'ms';
  export type StringValue = `${number}` | `${number}${Unit}` | `${number} ${Unit}`;
}
