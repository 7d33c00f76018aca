//! Members, sessions, families, memberships and invites.

use crate::{FamilyId, MemberId, SessionId, Timestamp};

wire! {
    /// What kind of program signs in; decides where its refresh token goes.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ClientKind {
        /// A browser: the refresh token is an HttpOnly, SameSite=Strict cookie.
        Web,
        /// A program: the refresh token is in the body.
        App,
    }

    /// A member's languages.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Locale { Ko, En }

    pub struct Signup {
        pub email: String,
        pub password: String,
        pub display_name: String,
        pub family_name: String,
        pub locale: Locale,
        pub client: ClientKind,
    }

    pub struct Signin {
        pub email: String,
        pub password: String,
        pub client: ClientKind,
    }

    /// A browser sends no token here: its cookie carries it.
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct Refresh {
        #[serde(default)]
        pub refresh_token: Option<String>,
    }

    /// The answer to sign-up, sign-in and refresh.
    pub struct SignedIn {
        pub member: Member,
        /// EdDSA JWT.
        pub access_token: String,
        /// Seconds until the access token expires.
        pub expires_in: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refresh_token: Option<String>,
    }

    pub struct Member {
        pub id: MemberId,
        pub email: String,
        pub display_name: String,
        pub locale: Locale,
        pub created_at: Timestamp,
    }

    pub struct Me {
        pub member: Member,
        pub families: Vec<FamilyOfMember>,
    }

    pub struct FamilyOfMember {
        pub id: FamilyId,
        pub name: String,
        pub role: Role,
    }

    /// Absent fields stay as they are.
    #[derive(Default)]
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct MePatch {
        #[serde(default)]
        pub display_name: Option<String>,
        #[serde(default)]
        pub locale: Option<Locale>,
    }

    pub struct PasswordChange {
        pub current_password: String,
        pub new_password: String,
    }

    /// Deleting an account asks for the password again.
    pub struct AccountDeletion {
        pub password: String,
    }

    pub struct Session {
        pub id: SessionId,
        pub client: ClientKind,
        /// The browser or program, as it named itself when signing in.
        pub user_agent: String,
        pub created_at: Timestamp,
        pub last_used_at: Timestamp,
        /// Whether this request belongs to it.
        pub current: bool,
    }

    /// What someone may do in a family.
    #[derive(Copy, Eq, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum Role { Owner, Editor, Viewer, Frame }

    pub struct NewFamily { pub name: String }

    #[derive(Default)]
    #[cfg_attr(feature = "ts", ts(optional_fields = nullable))]
    pub struct FamilyPatch {
        #[serde(default)]
        pub name: Option<String>,
    }

    pub struct Family {
        pub id: FamilyId,
        pub name: String,
        /// The asking member's role.
        pub role: Role,
        pub created_at: Timestamp,
    }

    pub struct Membership {
        pub member_id: MemberId,
        pub display_name: String,
        pub email: String,
        pub role: Role,
        pub joined_at: Timestamp,
    }

    pub struct MembershipPatch { pub role: Role }

    pub struct NewInvite { pub role: Role }

    pub struct Invite {
        pub code: String,
        pub url: String,
        pub expires_at: Timestamp,
    }

    pub struct Usage {
        pub usage_bytes: u64,
        pub quota_bytes: u64,
        pub photos: u64,
    }
}
