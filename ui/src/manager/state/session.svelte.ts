// Who is signed in, and which of their families is on the screen.
import type { FamilyOfMember, Member, SignedIn } from '$lib/api/gen/types';
import { locale, setLocale } from '$lib/i18n.svelte';
import { account, families } from '../seam/api';
import { onSignedOut, refresh } from '../seam/http';
import { listenTo, stopListening } from '../seam/live';
import { ProblemError } from '../seam/problem';
import { abandonUploads } from '../uploads/uploads.svelte';

export type Standing = 'starting' | 'unreachable' | 'out' | 'in';

const FAMILY_KEY = 'picup.family';

let standing = $state<Standing>('starting');
let member = $state<Member>();
let memberships = $state<FamilyOfMember[]>([]);
let chosenFamily = $state<string | null>(remembered());

onSignedOut(leave);

export const session = {
  get standing() {
    return standing;
  },
  get member(): Member {
    if (!member) throw new Error('asked for the member before sign-in');
    return member;
  },
  get families() {
    return memberships;
  },
  /** The family on the screen; undefined for a member who is in none. */
  get family(): FamilyOfMember | undefined {
    return memberships.find((family) => family.id === chosenFamily) ?? memberships[0];
  },
  get mayEdit() {
    return this.family?.role === 'owner' || this.family?.role === 'editor';
  },
  get mayManage() {
    return this.family?.role === 'owner';
  },
};

/** Picks up the sign-in that the browser's cookie remembers. */
export async function start(): Promise<void> {
  standing = 'starting';
  try {
    await enter(await refresh());
  } catch (error) {
    standing = error instanceof ProblemError && error.status < 500 && error.status !== 429 ? 'out' : 'unreachable';
  }
}

/** After sign-up or sign-in. */
export async function enter(answer: SignedIn): Promise<void> {
  member = answer.member;
  setLocale(answer.member.locale);
  await readFamilies();
  standing = 'in';
}

export async function signOut(): Promise<void> {
  await abandonUploads();
  await account.signOut().catch(() => undefined);
  leave();
}

/** Reads names and families again, such as after an invitation was accepted. */
export async function readFamilies(): Promise<void> {
  const me = await account.me();
  member = me.member;
  memberships = me.families;
  const family = session.family;
  if (family) listenTo(family.id);
  else stopListening();
}

export function chooseFamily(id: string): void {
  chosenFamily = id;
  try {
    localStorage.setItem(FAMILY_KEY, id);
  } catch {
    // Chosen for this visit only.
  }
  listenTo(id);
}

/** A new membership is in the access token only after a refresh. */
export async function acceptInvite(code: string): Promise<void> {
  const joined = await families.acceptInvite(code);
  await refresh();
  await readFamilies();
  chooseFamily(joined.id);
}

export async function chooseLocale(next: Member['locale']): Promise<void> {
  const previous = locale();
  setLocale(next);
  if (standing !== 'in') return;
  try {
    await account.change({ locale: next });
    await readFamilies();
  } catch (error) {
    setLocale(previous);
    throw error;
  }
}

function leave(): void {
  stopListening();
  standing = 'out';
  member = undefined;
  memberships = [];
}

function remembered(): string | null {
  try {
    return localStorage.getItem(FAMILY_KEY);
  } catch {
    return null;
  }
}
