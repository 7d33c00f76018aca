//! A sample family with everybody signed in.

use aws_lc_rs::digest::{SHA256, digest};
use picup_api::{
    FamilyId, FrameId, MemberId, PhotoId, Sha256Digest,
    account::{Locale, Role},
    frame::PairingApproval,
    photo::{Photo, PhotoSource, PhotoState},
};
use picup_client::{Client, MemoryUploads, NewAccount, PairingPoll, UploadFile, Url};
use uuid::Uuid;

use crate::{TestServer, eventually};

pub const PASSWORD: &str = "a long enough passphrase";

/// One member of each role in one family.
pub struct People {
    pub family: FamilyId,
    pub owner: Client,
    pub editor: Client,
    pub viewer: Client,
    pub owner_id: MemberId,
    pub editor_id: MemberId,
    pub viewer_id: MemberId,
    pub owner_email: String,
    pub password: String,
}

/// A frame in a family, as its own program sees it.
pub struct PairedFrame {
    pub client: Client,
    pub id: FrameId,
    pub family: FamilyId,
}

impl TestServer {
    /// A new family each time.
    pub async fn family(&self) -> People {
        People::gather(&self.base_url()).await
    }

    /// Pairs a frame the way people do.
    pub async fn paired_frame(&self, owner: &Client) -> PairedFrame {
        PairedFrame::pair(&self.base_url(), owner).await
    }
}

impl People {
    /// Through `base_url`, which may be a proxy's.
    pub async fn gather(base_url: &Url) -> Self {
        let (owner, owner_id, owner_email) = newcomer(base_url).await;
        let family = owner.me().await.unwrap().families[0].id;
        let (editor, editor_id, _) = newcomer(base_url).await;
        let (viewer, viewer_id, _) = newcomer(base_url).await;
        for (client, role) in [(&editor, Role::Editor), (&viewer, Role::Viewer)] {
            let invite = owner.invite(family, role).await.unwrap();
            client.accept_invite(&invite.code).await.unwrap();
        }
        let password = PASSWORD.into();
        Self { family, owner, editor, viewer, owner_id, editor_id, viewer_id, owner_email, password }
    }

    /// Uploads bytes as the owner.
    pub async fn upload(&self, bytes: &[u8], filename: &str) -> PhotoId {
        upload_as(&self.owner, self.family, bytes, filename).await
    }
}

impl PairedFrame {
    pub async fn pair(base_url: &Url, owner: &Client) -> Self {
        let client = Client::builder(base_url.clone()).build().unwrap();
        let me = owner.me().await.unwrap();
        let home =
            me.families.iter().find(|family| family.role == Role::Owner).expect("an owner owns a family");
        let pairing = client.start_pairing("Test board").await.unwrap();
        let approval = PairingApproval { user_code: pairing.user_code, name: "Living room".into() };
        owner.approve_frame(home.id, &approval).await.unwrap();
        let poll = || async {
            match client.poll_pairing(&pairing.device_code).await.unwrap() {
                PairingPoll::Paired { frame_id, family_id } => Some((frame_id, family_id)),
                PairingPoll::Expired => panic!("the pairing expired"),
                PairingPoll::Pending | PairingPoll::SlowDown => None,
            }
        };
        let (id, family) = eventually("the frame is paired", poll).await;
        Self { client, id, family }
    }
}

/// Uploads bytes as anybody who may.
pub async fn upload_as(client: &Client, family: FamilyId, bytes: &[u8], filename: &str) -> PhotoId {
    let bytes_on_disk = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(bytes_on_disk.path(), bytes).unwrap();
    let file = UploadFile {
        path: bytes_on_disk.path().into(),
        family,
        album: None,
        filename: filename.into(),
        media_type: None,
        source: PhotoSource::Web,
        sha256: sha256(bytes),
    };
    client.upload(&file, &MemoryUploads::default(), &|_| {}).await.unwrap().photo_id
}

/// Waits until a photo's pictures are made.
pub async fn rendered(client: &Client, photo: PhotoId) -> Photo {
    let ready = || async {
        let photo = client.photo(photo).await.unwrap();
        (photo.state == PhotoState::Ready).then_some(photo)
    };
    eventually("the photo's pictures are made", ready).await
}

pub fn sha256(bytes: &[u8]) -> Sha256Digest {
    Sha256Digest(digest(&SHA256, bytes).as_ref().try_into().unwrap())
}

/// Somebody with a family of their own: the client, the member, the e-mail.
pub async fn newcomer(base_url: &Url) -> (Client, MemberId, String) {
    let client = Client::builder(base_url.clone()).build().unwrap();
    let email = format!("{}@example.org", Uuid::now_v7().simple());
    let account = NewAccount {
        email: email.clone(),
        password: PASSWORD.into(),
        display_name: "Kim".into(),
        family_name: "Home".into(),
        locale: Locale::Ko,
    };
    let signed_in = client.sign_up(&account).await.unwrap();
    (client, signed_in.member.id, email)
}
