import { describe, expect, it } from 'vitest';
import { type Action, searchActions } from './action';

const action = (id: string, label: string, keywords = ''): Action => ({
  id,
  label,
  keywords,
  group: 'Go to',
  perform: () => {},
});
const actions = [
  action('a', 'Clusters'),
  action('b', 'Create a link'),
  action('c', 'Links', 'replication mirrors'),
];

describe('searching actions', () => {
  it('shows everything before anything is typed', () => {
    expect(searchActions(actions, '  ')).toHaveLength(3);
  });

  it('puts labels that start with the word first', () => {
    expect(searchActions(actions, 'link').map((a) => a.id)).toEqual(['c', 'b']);
  });

  it('finds by keyword and wants every word', () => {
    expect(searchActions(actions, 'mirrors').map((a) => a.id)).toEqual(['c']);
    expect(searchActions(actions, 'mirrors create')).toEqual([]);
  });
});
