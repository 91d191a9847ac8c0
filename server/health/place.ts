// Whose observation it is: on a hub, a tenant's console; elsewhere both are empty. Nothing of one tenant reaches another.

export type Place = { tenant: string; console: string };
export const here: Place = { tenant: '', console: '' };
export const placeKey = ({ tenant, console }: Place): string => `${tenant}\u0000${console}`;
