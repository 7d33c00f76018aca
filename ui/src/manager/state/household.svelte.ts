// The names behind ids: who uploaded, who commented, which frames and albums there are.
//
// Read once per family and again when an event says so.
import type { Album, Event, Frame, Membership, Uploader } from '$lib/api/gen/types';
import { albums as albumRequests, families, frames as frameRequests } from '../seam/api';

let members = $state.raw<Membership[]>([]);
let frames = $state.raw<Frame[]>([]);
let albums = $state.raw<Album[]>([]);
let loaded = $state(false);
let family: string | undefined;

export const household = {
  get members() {
    return members;
  },
  get frames() {
    return frames;
  },
  get albums() {
    return albums;
  },
  get loaded() {
    return loaded;
  },
};

/** The name to show for whoever did something; undefined for someone who has left. */
export function nameOf(who: Uploader): string | undefined {
  return who.kind === 'member'
    ? members.find((member) => member.member_id === who.id)?.display_name
    : frames.find((frame) => frame.id === who.id)?.name;
}

export async function readHousehold(familyId: string): Promise<void> {
  if (family !== familyId) {
    [members, frames, albums, loaded] = [[], [], [], false];
    family = familyId;
  }
  await Promise.all([readMembers(), readFrames(), readAlbums()]);
  loaded = true;
}

export async function readMembers(): Promise<void> {
  if (family) members = await families.members(family);
}

export async function readFrames(): Promise<void> {
  if (family) frames = await frameRequests.list(family);
}

export async function readAlbums(): Promise<void> {
  if (family) albums = await albumRequests.list(family);
}

/** Reads again what an event says has changed; several events in a burst cost one reading. */
export function heedEvent(event: Event): void {
  if (event.kind === 'frame_changed') soon('frames', readFrames);
  if (event.kind === 'change' && event.change.kind.startsWith('album')) soon('albums', readAlbums);
}

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

function soon(what: string, read: () => Promise<void>): void {
  clearTimeout(waiting.get(what));
  waiting.set(what, setTimeout(() => void read().catch(() => undefined), 400));
}
