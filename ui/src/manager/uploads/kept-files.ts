// Keeps files that are not uploaded yet across a reload of the page, in the browser's own database.
//
// Best effort: a browser that keeps nothing only means that the person chooses the files again; what the server
// already has of them is not sent twice either way.

export interface KeptFile {
  id: string;
  familyId: string;
  albumId: string | null;
  file: File;
}

/** Films larger than this would fill a phone's storage a second time. */
const LARGEST_BYTES = 512 * 1024 * 1024;
const STORE = 'files';

let opened: Promise<IDBDatabase> | undefined;

export async function keep(kept: KeptFile): Promise<void> {
  if (kept.file.size > LARGEST_BYTES) return;
  await inStore('readwrite', (store) => store.put(kept)).catch(() => undefined);
}

export async function drop(id: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(id)).catch(() => undefined);
}

/** After signing out, nothing of the family's stays in this browser. */
export async function dropAll(): Promise<void> {
  await inStore('readwrite', (store) => store.clear()).catch(() => undefined);
}

export async function keptFiles(familyId: string): Promise<KeptFile[]> {
  const all = await inStore('readonly', (store) => store.getAll() as IDBRequest<KeptFile[]>).catch(() => []);
  return all.filter((kept) => kept.familyId === familyId);
}

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('picup-uploads', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('no database'));
  });
  return opened;
}

async function inStore<Answer>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<Answer>): Promise<Answer> {
  const transaction = (await open()).transaction(STORE, mode);
  return new Promise((resolve, reject) => {
    const asked = ask(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = () => reject(transaction.error ?? new Error('not kept'));
    transaction.onabort = () => reject(transaction.error ?? new Error('not kept'));
  });
}
