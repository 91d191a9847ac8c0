import { expect, it } from 'vitest';
import { otherLabels, thingsOf } from './paths';

it('leads to the narrowest thing that an alert is about first', () => {
  expect(thingsOf({ cluster: 'dc1', broker: '3' })).toEqual([
    { word: 'broker', name: '3', href: '/clusters/dc1/brokers/3' },
    { word: 'cluster', name: 'dc1', href: '/clusters/dc1' },
  ]);
  expect(thingsOf({ cluster: 'dc1', group: 'a/b', topic: 't' }).map(({ href }) => href)).toEqual([
    '/clusters/dc1/groups/a%2Fb',
    '/clusters/dc1/topics/t',
    '/clusters/dc1',
  ]);
});

it('leads from a mirror to its page, its link and both clusters', () => {
  expect(thingsOf({ link: 'l', source: 'a', destination: 'b', topic: 't' }).map(({ href }) => href)).toEqual([
    '/links/b/l/mirrors/t',
    '/links/b/l',
    '/clusters/a',
    '/clusters/b',
  ]);
});

it('gives no address to a group that a browser takes for a folder', () => {
  expect(thingsOf({ cluster: 'dc1', group: '..' })[0]).toEqual({ word: 'group', name: '..', href: null });
});

it('leads to the page of its console on a hub, which has no other', () => {
  expect(thingsOf({ console: 'plant-7', cluster: 'dc1', broker: '3' })).toEqual([
    { word: 'broker', name: '3', href: null },
    { word: 'cluster', name: 'dc1', href: null },
    { word: 'console', name: 'plant-7', href: '/hub/plant-7' },
  ]);
});

it('keeps labels that name no thing with a page', () => {
  expect(otherLabels({ cluster: 'dc1', dir: '/data/1', console: '' })).toEqual([['dir', '/data/1']]);
});
