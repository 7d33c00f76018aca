//! Sign-up, sign-in, and the member's own account.

use std::time::Instant;

use picup_api::{
    SessionId,
    account::{
        AccountDeletion, ClientKind, Locale, Me, MePatch, Member, PasswordChange, Session, SignedIn, Signin,
        Signup,
    },
};

use crate::{
    Client, ClientError, Credential, ErrorKind, Holder, Result,
    session::{AccessToken, Granted},
    transport::Call,
};

/// A member to be, with a first family.
#[derive(Clone)]
pub struct NewAccount {
    pub email: String,
    pub password: String,
    pub display_name: String,
    pub family_name: String,
    pub locale: Locale,
}

impl Client {
    pub async fn sign_up(&self, account: &NewAccount) -> Result<SignedIn> {
        let NewAccount { email, password, display_name, family_name, locale } = account.clone();
        let body = Signup { email, password, display_name, family_name, locale, client: ClientKind::App };
        self.enter(Call::post("/v1/auth/signup").public().json(&body)?).await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<SignedIn> {
        let body = Signin { email: email.into(), password: password.into(), client: ClientKind::App };
        self.enter(Call::post("/v1/auth/signin").public().json(&body)?).await
    }

    async fn enter(&self, call: Call) -> Result<SignedIn> {
        let asked_at = Instant::now();
        let signed_in: SignedIn = self.fetch(call).await?;
        let refresh_token = signed_in.refresh_token.clone();
        let refresh_token = refresh_token
            .ok_or_else(|| ClientError::new(ErrorKind::Unreadable, "a program was given no refresh token"))?;
        let access = AccessToken::new(signed_in.access_token.clone(), asked_at, signed_in.expires_in);
        let credential = Credential { refresh_token, holder: Holder::Member { id: signed_in.member.id } };
        self.inner.session.begin(Granted { credential, access }).await?;
        Ok(signed_in)
    }

    /// Ends the session on the server, then forgets it here.
    pub async fn sign_out(&self) -> Result<()> {
        self.perform(Call::post("/v1/auth/signout").repeatable()).await?;
        self.forget().await
    }

    /// What the token store holds.
    pub async fn credential(&self) -> Result<Option<Credential>> {
        self.inner.session.credential().await
    }

    /// Forgets the credential without telling the server.
    pub async fn forget(&self) -> Result<()> {
        self.inner.session.end().await
    }

    pub async fn me(&self) -> Result<Me> {
        self.fetch(Call::get("/v1/me")).await
    }

    pub async fn update_me(&self, patch: &MePatch) -> Result<Member> {
        self.fetch(Call::patch("/v1/me").json(patch)?).await
    }

    pub async fn change_password(&self, change: &PasswordChange) -> Result<()> {
        self.perform(Call::new(http::Method::PUT, "/v1/me/password").json(change)?).await
    }

    pub async fn delete_me(&self, password: &str) -> Result<()> {
        let body = AccountDeletion { password: password.into() };
        self.perform(Call::delete("/v1/me").json(&body)?).await?;
        self.forget().await
    }

    pub async fn sessions(&self) -> Result<Vec<Session>> {
        self.all(|| Call::get("/v1/me/sessions")).await
    }

    pub async fn revoke_session(&self, session: SessionId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/me/sessions/{session}"))).await
    }
}
