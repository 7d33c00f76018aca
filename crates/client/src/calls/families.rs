//! Families, their members, and invites.

use picup_api::{
    FamilyId, MemberId,
    account::{Family, FamilyPatch, Invite, Membership, MembershipPatch, NewFamily, NewInvite, Role, Usage},
    frame::{Birthday, Birthdays},
};

use crate::{Client, Result, transport::Call};

impl Client {
    pub async fn create_family(&self, name: &str) -> Result<Family> {
        let family = self.fetch(Call::post("/v1/families").json(&NewFamily { name: name.into() })?).await?;
        self.inner.session.expire().await;
        Ok(family)
    }

    pub async fn family(&self, family: FamilyId) -> Result<Family> {
        self.fetch(Call::get(format!("/v1/families/{family}"))).await
    }

    pub async fn update_family(&self, family: FamilyId, patch: &FamilyPatch) -> Result<Family> {
        self.fetch(Call::patch(format!("/v1/families/{family}")).json(patch)?).await
    }

    pub async fn delete_family(&self, family: FamilyId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/families/{family}"))).await
    }

    pub async fn members(&self, family: FamilyId) -> Result<Vec<Membership>> {
        self.all(|| Call::get(format!("/v1/families/{family}/members"))).await
    }

    pub async fn change_role(&self, family: FamilyId, member: MemberId, role: Role) -> Result<()> {
        let call = Call::patch(format!("/v1/families/{family}/members/{member}"));
        self.perform(call.json(&MembershipPatch { role })?).await
    }

    pub async fn remove_member(&self, family: FamilyId, member: MemberId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/families/{family}/members/{member}"))).await
    }

    pub async fn invite(&self, family: FamilyId, role: Role) -> Result<Invite> {
        self.fetch(Call::post(format!("/v1/families/{family}/invites")).json(&NewInvite { role })?).await
    }

    /// Joins a family. The next call carries the new membership.
    pub async fn accept_invite(&self, code: &str) -> Result<()> {
        self.perform(Call::post(format!("/v1/invites/{code}/accept"))).await?;
        self.inner.session.expire().await;
        Ok(())
    }

    pub async fn birthdays(&self, family: FamilyId) -> Result<Vec<Birthday>> {
        let noted: Birthdays = self.fetch(Call::get(format!("/v1/families/{family}/birthdays"))).await?;
        Ok(noted.birthdays)
    }

    /// Replaces the whole list.
    pub async fn set_birthdays(&self, family: FamilyId, birthdays: &[Birthday]) -> Result<()> {
        let body = Birthdays { birthdays: birthdays.to_vec() };
        self.perform(Call::put(format!("/v1/families/{family}/birthdays")).json(&body)?).await
    }

    pub async fn usage(&self, family: FamilyId) -> Result<Usage> {
        self.fetch(Call::get(format!("/v1/families/{family}/usage"))).await
    }
}
