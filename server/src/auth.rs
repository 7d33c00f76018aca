//! Sign-in for Picup: what adapts `picup-auth` to the accounts database.
