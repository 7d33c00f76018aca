//! The bytes of the disk, and the file system that shows them as one file.

use std::{
    ffi::OsStr,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, UNIX_EPOCH},
};

use fuser::{
    Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner, OpenFlags,
    ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

pub(super) const DISK: &str = "disk";
const DISK_NUMBER: INodeNo = INodeNo(2);
const TTL: Duration = Duration::from_secs(3600);

pub(super) struct Platter {
    state: Mutex<State>,
}

struct State {
    bytes: Vec<u8>,
    /// What the writes since the last flush have replaced, the first write first.
    replaced: Vec<(usize, Vec<u8>)>,
    powered: bool,
    /// Writes undone by the last cut, and those asked for since.
    lost: usize,
}

impl Platter {
    pub(super) fn blank(bytes: usize) -> Self {
        let state = State { bytes: vec![0; bytes], replaced: Vec::new(), powered: true, lost: 0 };
        Self { state: Mutex::new(state) }
    }

    /// Every write that was not flushed is lost or not, whatever became of those before and after it.
    pub(super) fn cut_power(&self, seed: u64) {
        let mut state = self.locked();
        state.powered = false;
        state.lost = 0;
        let mut coins = seed | 1;
        while let Some((at, old)) = state.replaced.pop() {
            // Marsaglia, "Xorshift RNGs", 2003.
            coins ^= coins << 13;
            coins ^= coins >> 7;
            coins ^= coins << 17;
            if coins & (1 << 40) != 0 {
                state.bytes[at..at + old.len()].copy_from_slice(&old);
                state.lost += 1;
            }
        }
    }

    pub(super) fn lost(&self) -> usize {
        self.locked().lost
    }

    pub(super) fn power_on(&self) {
        self.locked().powered = true;
    }

    fn read(&self, at: usize, length: usize) -> Vec<u8> {
        let state = self.locked();
        let end = (at + length).min(state.bytes.len());
        state.bytes[at.min(end)..end].to_vec()
    }

    /// Without power, what is written is written nowhere, as the kernel of a dead machine writes nowhere.
    fn write(&self, at: usize, data: &[u8]) -> Result<(), Errno> {
        let mut state = self.locked();
        if at + data.len() > state.bytes.len() {
            return Err(Errno::ENOSPC);
        }
        if state.powered {
            let old = state.bytes[at..at + data.len()].to_vec();
            state.replaced.push((at, old));
            state.bytes[at..at + data.len()].copy_from_slice(data);
        } else {
            state.lost += 1;
        }
        Ok(())
    }

    fn flush(&self) {
        let mut state = self.locked();
        if state.powered {
            state.replaced.clear();
        }
    }

    fn len(&self) -> usize {
        self.locked().bytes.len()
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

pub(super) struct OneFile {
    platter: Arc<Platter>,
}

impl OneFile {
    pub(super) fn new(platter: Arc<Platter>) -> Self {
        Self { platter }
    }

    fn attributes(&self, number: INodeNo) -> Option<FileAttr> {
        let (kind, perm, size) = match number {
            INodeNo::ROOT => (FileType::Directory, 0o755, 0),
            DISK_NUMBER => (FileType::RegularFile, 0o600, self.platter.len() as u64),
            _ => return None,
        };
        Some(FileAttr {
            ino: number,
            size,
            blocks: size / 512,
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind,
            perm,
            nlink: 1,
            uid: rustix::process::getuid().as_raw(),
            gid: rustix::process::getgid().as_raw(),
            rdev: 0,
            blksize: 4096,
            flags: 0,
        })
    }
}

impl Filesystem for OneFile {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match self.attributes(DISK_NUMBER).filter(|_| parent == INodeNo::ROOT && name == DISK) {
            Some(attributes) => reply.entry(&TTL, &attributes, Generation(0)),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, number: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.attributes(number) {
            Some(attributes) => reply.attr(&TTL, &attributes),
            None => reply.error(Errno::ENOENT),
        }
    }

    /// Opened for writing the file is not cut short: a disk has one size.
    fn setattr(
        &self,
        _: &Request,
        number: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<std::time::SystemTime>,
        _: Option<FileHandle>,
        _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>,
        _: Option<fuser::BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        match self.attributes(number) {
            Some(attributes) => reply.attr(&TTL, &attributes),
            None => reply.error(Errno::ENOENT),
        }
    }

    /// Past the kernel's cache, so that every write of the block device is one here.
    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(1), FopenFlags::FOPEN_DIRECT_IO);
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        reply.data(&self.platter.read(offset as usize, size as usize));
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.platter.write(offset as usize, data) {
            Ok(()) => reply.written(data.len() as u32),
            Err(error) => reply.error(error),
        }
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        self.platter.flush();
        reply.ok();
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_loses_some_of_what_was_not_flushed_and_nothing_else() {
        let platter = Platter::blank(4096);
        platter.write(0, &[7; 2048]).unwrap();
        platter.flush();
        for block in 0..32 {
            platter.write(block * 64, &[9; 64]).unwrap();
        }
        platter.cut_power(3);
        let lost = platter.lost();
        platter.write(0, &[1; 64]).unwrap();
        assert_eq!(platter.lost(), lost + 1);
        platter.power_on();
        let bytes = platter.read(0, 2048);
        let blocks: Vec<u8> = bytes.chunks(64).map(|block| block[0]).collect();
        assert!(bytes.chunks(64).all(|block| block.iter().all(|byte| *byte == block[0])));
        assert!(blocks.contains(&7) && blocks.contains(&9) && !blocks.contains(&1), "{blocks:?}");
        assert_eq!(blocks.iter().filter(|byte| **byte == 7).count(), lost);
        assert_eq!(platter.read(2048, 9000), vec![0; 2048]);
    }
}
