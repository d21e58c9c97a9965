// The tuples of the plugin, as its Java part declares them.

export interface StringInt {
  readonly id: number;
  readonly string1: string;
  readonly int1: number;
}

export interface Settings {
  readonly title: string;
  /** What the plus and minus buttons add and take away. */
  readonly step: number;
}

/** What the agent on a machine has last reported. */
export interface Reading {
  readonly machine: string;
  readonly freeMegabytes: number;
  /** A time as ISO 8601 writes it. */
  readonly takenAt: string;
}

/** The task that workers were last given, and how it stands. */
export interface Negation {
  readonly taskId: string;
  readonly number: number;
  readonly state: 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'DEAD';
  readonly result?: number | null;
  readonly problem?: string | null;
  /** A time as ISO 8601 writes it. */
  readonly changedAt: string;
}

export interface ImportColumn {
  readonly name: string;
  readonly sample: readonly string[];
  /** Whether every value is a whole number. */
  readonly whole: boolean;
}

export interface ImportProgress {
  readonly importId: string;
  readonly fileName: string;
  readonly state: 'uploading' | 'ready' | 'running' | 'done' | 'failed';
  readonly receivedBytes: number;
  readonly totalBytes: number;
  readonly columns: readonly ImportColumn[];
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly problem?: string | null;
}

export const ROWS = {type: 'tutorial.StringInt'} as const;
export const NEGATIONS = {type: 'tutorial.Negation'} as const;
export const READINGS = {type: 'tutorial.Reading'} as const;
export const SETTINGS = {type: 'tutorial.Settings'} as const;
export const DEFAULT_SETTINGS: Settings = {title: 'Tutorial', step: 1};
