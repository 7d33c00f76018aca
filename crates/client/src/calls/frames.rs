//! Frames: pairing (RFC 8628), the owner's side, and the frame's own.

use std::time::Instant;

use picup_api::{
    CommandId, ErrorCode, FamilyId, FrameId,
    frame::{
        CommandAck, DEVICE_CODE_GRANT, Frame, FrameAction, FrameCommand, FramePatch, FrameSelf, FrameToken,
        FrameTokenRequest, Heartbeat, NewFrameCommand, NewPairing, Pairing, PairingApproval,
    },
};

use crate::{
    Client, Credential, Holder, Result,
    session::{AccessToken, Granted},
    transport::Call,
};

/// The largest picture of a screen that a server keeps.
const MAX_PICTURE_BYTES: usize = 512 << 10;

/// What one poll found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairingPoll {
    Pending,
    /// Poll five seconds slower from now on.
    SlowDown,
    /// Or unknown: ask for a new code.
    Expired,
    /// The credential is saved.
    Paired {
        frame_id: FrameId,
        family_id: FamilyId,
    },
}

impl Client {
    pub async fn start_pairing(&self, hardware_name: &str) -> Result<Pairing> {
        let body = NewPairing { hardware_name: hardware_name.into() };
        self.fetch(Call::post("/v1/frames/pairings").public().repeatable().json(&body)?).await
    }

    /// Asks once whether somebody has approved.
    pub async fn poll_pairing(&self, device_code: &str) -> Result<PairingPoll> {
        let body =
            FrameTokenRequest { grant_type: DEVICE_CODE_GRANT.into(), device_code: device_code.into() };
        let asked_at = Instant::now();
        let call = Call::post("/v1/frames/token").public().json(&body)?;
        let token: FrameToken = match self.fetch(call).await {
            Ok(token) => token,
            Err(error) => {
                return match error.code() {
                    Some(ErrorCode::PairingPending) => Ok(PairingPoll::Pending),
                    Some(ErrorCode::PairingTooFast) => Ok(PairingPoll::SlowDown),
                    Some(ErrorCode::PairingExpired | ErrorCode::PairingInvalid) => Ok(PairingPoll::Expired),
                    _ => Err(error),
                };
            }
        };
        let FrameToken { frame_id, family_id, refresh_token, .. } = token;
        let access = AccessToken::new(token.access_token, asked_at, token.expires_in);
        let credential = Credential { refresh_token, holder: Holder::Frame { frame_id, family_id } };
        self.inner.session.begin(Granted { credential, access }).await?;
        Ok(PairingPoll::Paired { frame_id, family_id })
    }

    pub async fn approve_frame(&self, family: FamilyId, approval: &PairingApproval) -> Result<Frame> {
        self.fetch(Call::post(format!("/v1/families/{family}/frames")).json(approval)?).await
    }

    pub async fn frames(&self, family: FamilyId) -> Result<Vec<Frame>> {
        self.all(|| Call::get(format!("/v1/families/{family}/frames"))).await
    }

    pub async fn frame(&self, family: FamilyId, frame: FrameId) -> Result<Frame> {
        self.fetch(Call::get(format!("/v1/families/{family}/frames/{frame}"))).await
    }

    pub async fn update_frame(&self, family: FamilyId, frame: FrameId, patch: &FramePatch) -> Result<Frame> {
        self.fetch(Call::patch(format!("/v1/families/{family}/frames/{frame}")).json(patch)?).await
    }

    pub async fn remove_frame(&self, family: FamilyId, frame: FrameId) -> Result<()> {
        self.perform(Call::delete(format!("/v1/families/{family}/frames/{frame}"))).await
    }

    pub async fn send_command(
        &self,
        family: FamilyId,
        frame: FrameId,
        action: FrameAction,
    ) -> Result<FrameCommand> {
        let call = Call::post(format!("/v1/families/{family}/frames/{frame}/commands"));
        self.fetch(call.json(&NewFrameCommand { action })?).await
    }

    /// The newest picture of what a frame's screen shows; `NotFound` while there is none.
    pub async fn frame_picture(&self, family: FamilyId, frame: FrameId) -> Result<Vec<u8>> {
        let call = Call::get(format!("/v1/families/{family}/frames/{frame}/picture"));
        self.fetch_bytes(call, "image/", MAX_PICTURE_BYTES).await
    }

    /// What the calling frame's screen shows: JPEG, WebP or PNG, at most 512 KiB.
    pub async fn send_picture(&self, picture: Vec<u8>) -> Result<()> {
        self.perform(Call::put("/v1/frames/self/picture").bytes(picture)).await
    }

    pub async fn frame_self(&self) -> Result<FrameSelf> {
        self.fetch(Call::get("/v1/frames/self")).await
    }

    pub async fn heartbeat(&self, heartbeat: &Heartbeat) -> Result<FrameSelf> {
        self.fetch(Call::post("/v1/frames/self/heartbeat").repeatable().json(heartbeat)?).await
    }

    pub async fn ack_command(&self, command: CommandId, done: bool) -> Result<()> {
        let call = Call::post(format!("/v1/frames/self/commands/{command}/ack"));
        self.perform(call.repeatable().json(&CommandAck { done })?).await
    }
}
