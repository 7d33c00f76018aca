//! What every store must do, as one suite run by every backend.
//!
//! Panics with a sentence at the first difference.

use bytes::Bytes;
use futures::{StreamExt, stream};

use crate::{BlobErrorKind, BlobStore, Existing, Expected, Key, Source, SpooledFile};

/// Works under the prefixes `conformance/` and `conformance-2/`, which must be empty, and leaves them empty.
pub async fn check_blob_store(store: &dyn BlobStore) {
    store.probe().await.expect("a store for the suite is available");
    keeps_what_was_put(store).await;
    refuses_other_bytes(store).await;
    gives_ranges(store).await;
    keeps_right_bytes_and_sets_others_aside(store).await;
    lists_in_order_page_by_page(store).await;
    deletes_twice(store).await;
    frees_a_quarantined_key(store).await;
    verifies(store).await;
    takes_the_same_put_at_once(store).await;
}

fn key(name: &str) -> Key {
    format!("conformance/{name}").parse().expect("a valid key")
}

async fn put(store: &dyn BlobStore, key: &Key, bytes: &[u8]) {
    let source = Source::Bytes(Bytes::copy_from_slice(bytes));
    store.put(key, source, &Expected::of(bytes), Existing::Keep).await.expect("a put succeeds");
}

async fn read(store: &dyn BlobStore, key: &Key) -> Vec<u8> {
    store.get(key, None).await.expect("it is there").bytes().await.expect("it is readable")
}

async fn is_missing(store: &dyn BlobStore, key: &Key) -> bool {
    store.head(key).await.is_err_and(|error| error.kind == BlobErrorKind::NotFound)
}

async fn keeps_what_was_put(store: &dyn BlobStore) {
    // Longer than any buffer on the way.
    let long: Vec<u8> = (0..3_000_001_u32).map(|i| (i % 251) as u8).collect();
    let expected = Expected::of(&long);
    put(store, &key("bytes"), &long).await;
    put(store, &key("empty"), b"").await;

    let chunks: Vec<_> = long.chunks(70_000).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    let source = Source::Stream(stream::iter(chunks).boxed());
    store.put(&key("stream"), source, &expected, Existing::Keep).await.expect("a stream is taken");

    for hashed in [false, true] {
        let path = std::env::temp_dir().join(format!("picup-conformance-{}-{hashed}", std::process::id()));
        std::fs::write(&path, &long).expect("the source file is written");
        let source = Source::File(SpooledFile { path: path.clone(), hashed });
        let name = key(&format!("file-{hashed}"));
        store.put(&name, source, &expected, Existing::Keep).await.expect("a file is taken");
        std::fs::remove_file(&path).expect("the source file is still there");
        assert!(read(store, &name).await == long, "a file arrives unchanged");
        store.delete(&name).await.expect("a delete succeeds");
    }
    for name in ["bytes", "stream"] {
        assert!(read(store, &key(name)).await == long, "{name} arrive unchanged");
        assert_eq!(store.head(&key(name)).await.expect("it is there"), long.len() as u64);
        store.delete(&key(name)).await.expect("a delete succeeds");
    }
    assert_eq!(read(store, &key("empty")).await, b"");
    store.delete(&key("empty")).await.expect("a delete succeeds");
}

async fn refuses_other_bytes(store: &dyn BlobStore) {
    let name = key("refused");
    for (bytes, expected) in [
        (&b"seven"[..], Expected::of(b"eight")),
        (b"short", Expected { bytes: 6, ..Expected::of(b"short") }),
        (b"", Expected::of(b"x")),
    ] {
        for source in sources(bytes) {
            let error = store.put(&name, source, &expected, Existing::Keep).await.expect_err("refused");
            assert_eq!(error.kind, BlobErrorKind::Corrupt);
            assert!(is_missing(store, &name).await, "refused bytes leave nothing behind");
        }
    }
    let fault = crate::BlobError::new("source", BlobErrorKind::Unavailable);
    let broken = Source::Stream(stream::iter([Ok(Bytes::from_static(b"half")), Err(fault)]).boxed());
    let outcome = store.put(&name, broken, &Expected::of(b"half of it"), Existing::Keep).await;
    outcome.expect_err("a broken source is an error");
    assert!(is_missing(store, &name).await, "a broken source leaves nothing behind");
}

fn sources(bytes: &[u8]) -> [Source; 2] {
    let bytes = Bytes::copy_from_slice(bytes);
    [Source::Bytes(bytes.clone()), Source::Stream(stream::iter([Ok(bytes)]).boxed())]
}

async fn gives_ranges(store: &dyn BlobStore) {
    let name = key("range");
    put(store, &name, b"0123456789").await;
    for (range, want) in
        [(0..1, "0"), (3..7, "3456"), (9..10, "9"), (5..99, "56789"), (10..20, ""), (50..60, ""), (4..4, "")]
    {
        let blob = store.get(&name, Some(range.clone())).await.expect("it is there");
        assert_eq!(blob.size, 10);
        assert_eq!(blob.bytes().await.expect("readable"), want.as_bytes(), "{range:?}");
    }
    store.delete(&name).await.expect("a delete succeeds");
}

async fn keeps_right_bytes_and_sets_others_aside(store: &dyn BlobStore) {
    let name = key("existing");
    put(store, &name, b"one").await;
    put(store, &name, b"one").await;
    put(store, &name, b"two").await;
    assert_eq!(read(store, &name).await, b"two");
    let source = Source::Bytes(Bytes::from_static(b"three"));
    store.put(&name, source, &Expected::of(b"three"), Existing::Replace).await.expect("replaced");
    assert_eq!(read(store, &name).await, b"three");
    store.delete(&name).await.expect("a delete succeeds");
}

async fn lists_in_order_page_by_page(store: &dyn BlobStore) {
    // `a.b` sorts before `a/b`: a directory walk must not.
    let names =
        ["conformance/a.b", "conformance/a/b", "conformance/a/c/d", "conformance/b", "conformance-2/x"];
    for name in names {
        put(store, &name.parse().expect("a valid key"), name.as_bytes()).await;
    }
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = store.list("conformance/", after.as_ref(), 3).await.expect("listed");
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        listed.extend(page);
    }
    let keys: Vec<_> = listed.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, names[..4]);
    assert!(listed.iter().all(|entry| entry.bytes == entry.key.as_str().len() as u64));
    assert_eq!(store.list("conformance/a/", None, 9).await.expect("listed").len(), 2);
    assert_eq!(store.list("conformance/none/", None, 9).await.expect("listed"), []);
    for name in names {
        store.delete(&name.parse().expect("a valid key")).await.expect("a delete succeeds");
    }
}

async fn deletes_twice(store: &dyn BlobStore) {
    let name = key("deleted");
    put(store, &name, b"x").await;
    store.delete(&name).await.expect("a delete succeeds");
    store.delete(&name).await.expect("so does the second");
    assert!(is_missing(store, &name).await);
    let error = store.get(&name, None).await.expect_err("gone");
    assert_eq!(error.kind, BlobErrorKind::NotFound);
}

async fn frees_a_quarantined_key(store: &dyn BlobStore) {
    let name = key("quarantined");
    for bytes in [b"first", b"again"] {
        put(store, &name, bytes).await;
        store.quarantine(&name).await.expect("set aside");
        assert!(is_missing(store, &name).await);
    }
    let error = store.quarantine(&name).await.expect_err("nothing to set aside");
    assert_eq!(error.kind, BlobErrorKind::NotFound);
    assert_eq!(store.list("conformance/", None, 9).await.expect("listed"), []);
}

async fn verifies(store: &dyn BlobStore) {
    let name = key("verified");
    put(store, &name, b"right").await;
    store.verify(&name, &Expected::of(b"right")).await.expect("the bytes are right");
    let error = store.verify(&name, &Expected::of(b"wrong")).await.expect_err("other bytes");
    assert_eq!(error.kind, BlobErrorKind::Corrupt);
    store.delete(&name).await.expect("a delete succeeds");
}

async fn takes_the_same_put_at_once(store: &dyn BlobStore) {
    let name = key("at-once");
    let bytes = vec![7; 200_000];
    futures::future::join_all((0..8).map(|_| put(store, &name, &bytes))).await;
    assert!(read(store, &name).await == bytes);
    store.delete(&name).await.expect("a delete succeeds");
}
