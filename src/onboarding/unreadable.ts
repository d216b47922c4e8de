/** Stands for an argument that was sent to a workflow in a form that nobody can read. */
export const UNREADABLE = Object.freeze({ unreadable: true } as const);
