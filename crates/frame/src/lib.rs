//! The frame without a window: sync, cache, inbox, playlist, pairing, remote control.
